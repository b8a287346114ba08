/** Owns building the use cases from the configuration: opened in order, closed in reverse. */
import { createHash } from 'node:crypto'
import path from 'node:path'
import { createReplyCache } from './cache/reply-cache.ts'
import { createSqliteCacheStore } from './cache/sqlite-cache-store.ts'
import type { Catalogue, CatalogueStats } from './catalogue/catalogue.ts'
import { createSqliteCatalogue } from './catalogue/sqlite-catalogue.ts'
import type { Config } from './config.ts'
import { systemClock } from './limits/clock.ts'
import { createGate } from './limits/gate.ts'
import { openLedgerFile } from './limits/ledger-file.ts'
import type { Plan } from './limits/refusals.ts'
import { PARSE_TIERS, resolveAllowance } from './limits/tiers.ts'
import type { Logger } from './log.ts'
import type { Remark } from './offers/result.ts'
import { createGetDetails } from './sourcing/get-details.ts'
import { createGetUsage } from './sourcing/get-usage.ts'
import { createListIndex } from './sourcing/list-index.ts'
import { createMirror } from './sourcing/mirror.ts'
import { createPictureIndexer } from './sourcing/picture-indexer.ts'
import { createSearchByImage } from './sourcing/search-by-image.ts'
import type { Services } from './sourcing/services.ts'
import { createSyncCatalogue } from './sourcing/sync-catalogue.ts'
import { createUpstreamClient, type Metering } from './sourcing/upstream-client.ts'
import { IN_MEMORY } from './store/sqlite.ts'
import { createParse } from './upstream/parse.ts'
import { PARSE_RETRIES } from './upstream/parse-errors.ts'
import { createSample } from './upstream/sample.ts'
import { createEmbedder } from './vision/create-embedder.ts'
import { createImageSource } from './vision/image-source.ts'

/** What the use cases are built from. */
export interface AppOptions {
  config: Config
  /** The folder that holds assets/ and dist/. */
  packageDir: string
  logger: Logger
  /** Whether pictures may be local files, and calls go out without a ledger: true where the caller sits at this machine. */
  isLocal: boolean
}

/** The catalogue, with its counts for the embedder that is in use. */
export interface OpenCatalogue {
  catalogue: Catalogue
  stats(): Promise<CatalogueStats[]>
}

/** Running use cases. */
export interface OpenServices {
  services: Services
  openCatalogue: OpenCatalogue
  close(): Promise<void>
}

/** Builds the use cases. Rejects with AppError for a configuration that cannot work. */
export async function createServices({ config, packageDir, logger, isLocal }: AppOptions): Promise<OpenServices> {
  const assetsDir = path.join(packageDir, 'assets')
  const distDir = path.join(packageDir, 'dist')
  const sampleDir = path.join(assetsDir, 'sample')
  const now = systemClock.now
  const { catalogue, remarks: catalogueRemarks } = openCatalogue(config, distDir, logger)
  const { upstream: name, parseBaseUrl: baseUrl, parseApiKey: apiKey = null } = config
  const upstream = name === 'sample' ? createSample(sampleDir) : createParse({ baseUrl, apiKey, clock: systemClock })
  const metered = name === 'sample' || apiKey === null ? null : openMetering(config, apiKey, logger, isLocal)
  const client = createUpstreamClient({ upstream, metering: metered?.metering ?? null, now })
  const embedder = await createEmbedder({ spec: config.embedder, assetsDir, distDir, logger })
  const sourceOptions = { sampleDir: path.join(sampleDir, 'pictures'), allow: config.imageAllow }
  const images = createImageSource({ ...sourceOptions, allowFiles: isLocal })
  // Paths in the catalogue were written there by an import at this machine; callers over HTTP cannot add any.
  const catalogueImages = createImageSource({ ...sourceOptions, allowFiles: true })
  const indexer = createPictureIndexer({ catalogue, embedder, images: catalogueImages, logger, now })
  const mirror =
    client.index &&
    createMirror({
      catalogue,
      source: client.name,
      index: client.index,
      creditsPerPage: client.creditsPerCall,
      ttlMs: config.mirrorTtl,
      now,
    })
  const standingRemarks: Remark[] = [
    ...(client.name === 'sample' ? [{ kind: 'sample_data' as const }] : []),
    ...catalogueRemarks,
  ]
  const sources = [client.name, 'import']
  const cache = metered?.metering.cache ?? null
  const plan = metered?.plan ?? null
  const shared = {
    cache,
    plan,
    catalogue,
    client,
    mirror,
    embedder,
    indexer,
    images,
    sources,
    standingRemarks,
    logger,
    now,
  }
  return {
    services: {
      searchByImage: createSearchByImage(shared),
      listIndex: createListIndex(shared),
      getDetails: createGetDetails(shared),
      syncCatalogue: createSyncCatalogue(shared),
      getUsage: createGetUsage(shared),
    },
    openCatalogue: { catalogue, stats: () => catalogue.stats(embedder.id) },
    close: async () => {
      await indexer.close()
      await Promise.all([embedder.close(), images.close(), catalogueImages.close()])
      await cache?.close()
      await client.close()
      await catalogue.close()
    },
  }
}

/** The catalogue only saves work: where its file cannot be used, one in memory serves, and every answer says so. */
function openCatalogue(config: Config, distDir: string, logger: Logger): { catalogue: Catalogue; remarks: Remark[] } {
  try {
    const file = path.join(config.dataDir, 'catalogue.db')
    return { catalogue: createSqliteCatalogue({ file, distDir }), remarks: [] }
  } catch (cause) {
    logger.warn('catalogue kept in memory', { cause })
    return {
      catalogue: createSqliteCatalogue({ file: IN_MEMORY, distDir }),
      remarks: [{ kind: 'catalogue_in_memory' }],
    }
  }
}

/** What is metered: the plan and what keeps to it. */
interface Metered {
  plan: Plan
  metering: Metering
}

function openMetering(config: Config, apiKey: string, logger: Logger, isLocal: boolean): Metered {
  const { dataDir, parseBaseUrl: baseUrl } = config
  const allowance = resolveAllowance(PARSE_TIERS[config.tier], {
    callsPerMinute: config.ratePerMinute,
    creditsPerMonth: config.creditsPerMonth,
    creditResetDay: config.creditResetDay,
  })
  const plan = { name: `${config.tier} tier`, allowance }
  const gate = createGate({
    plan,
    openLedger: () => openLedgerFile({ dataDir, apiKey, allowance, clock: systemClock }),
    mode: isLocal ? 'open' : 'closed',
    retries: PARSE_RETRIES,
    logger,
  })
  const file = path.join(dataDir, 'cache.db')
  const store = config.cache === 'on' ? { store: createSqliteCacheStore({ file, clock: systemClock }) } : {}
  const cache = createReplyCache({ ...store, clock: systemClock, logger })
  const scope = `parse:${createHash('sha256').update(`${baseUrl}\n${apiKey}`).digest('hex').slice(0, 16)}`
  return { plan, metering: { gate, cache, scope } }
}
