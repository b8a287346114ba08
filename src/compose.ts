/** Owns building the use cases from the configuration: opened in order, closed in reverse. */
import path from 'node:path'
import type { Catalogue } from './catalogue/catalogue.ts'
import { createSqliteCatalogue } from './catalogue/sqlite-catalogue.ts'
import type { Config } from './config.ts'
import { systemClock } from './limits/clock.ts'
import { createGate, type Gate } from './limits/gate.ts'
import { openLedgerFile } from './limits/ledger-file.ts'
import { PARSE_RETRIES } from './limits/retry.ts'
import { PARSE_TIERS, resolveAllowance } from './limits/tiers.ts'
import type { Logger } from './log.ts'
import type { Remark } from './offers/result.ts'
import { createGetDetails } from './sourcing/get-details.ts'
import { createMirror } from './sourcing/mirror.ts'
import { createPictureIndexer } from './sourcing/picture-indexer.ts'
import { createSearchByImage } from './sourcing/search-by-image.ts'
import type { Services } from './sourcing/services.ts'
import { createSyncCatalogue } from './sourcing/sync-catalogue.ts'
import { createUpstreamClient, type UpstreamClient } from './sourcing/upstream-client.ts'
import { createParse } from './upstream/parse.ts'
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

/** Running use cases. */
export interface OpenServices {
  services: Services
  close(): Promise<void>
}

/** Builds the use cases. Rejects with AppError for a configuration that cannot work. */
export async function createServices({ config, packageDir, logger, isLocal }: AppOptions): Promise<OpenServices> {
  const assetsDir = path.join(packageDir, 'assets')
  const distDir = path.join(packageDir, 'dist')
  const sampleDir = path.join(assetsDir, 'sample')
  const now = systemClock.now
  const { catalogue, remarks: catalogueRemarks } = openCatalogue(config, distDir, logger)
  const client = openClient({ config, sampleDir, logger, isLocal })
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
  const shared = { catalogue, client, mirror, embedder, indexer, images, sources, standingRemarks, logger, now }
  return {
    services: {
      searchByImage: createSearchByImage(shared),
      getDetails: createGetDetails(shared),
      syncCatalogue: createSyncCatalogue(shared),
    },
    close: async () => {
      await indexer.close()
      await Promise.all([embedder.close(), images.close(), catalogueImages.close()])
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
      catalogue: createSqliteCatalogue({ file: ':memory:', distDir }),
      remarks: [{ kind: 'catalogue_in_memory' }],
    }
  }
}

interface ClientOptions {
  config: Config
  sampleDir: string
  logger: Logger
  isLocal: boolean
}

function openClient({ config, sampleDir, logger, isLocal }: ClientOptions): UpstreamClient {
  const now = systemClock.now
  if (config.upstream === 'sample') return createUpstreamClient({ upstream: createSample(sampleDir), gate: null, now })
  const { parseBaseUrl: baseUrl, parseApiKey: apiKey = null } = config
  const upstream = createParse({ baseUrl, apiKey, clock: systemClock })
  return createUpstreamClient({
    upstream,
    gate: apiKey === null ? null : openGate(config, apiKey, logger, isLocal),
    now,
  })
}

function openGate(config: Config, apiKey: string, logger: Logger, isLocal: boolean): Gate {
  const allowance = resolveAllowance(PARSE_TIERS[config.tier], {
    callsPerMinute: config.ratePerMinute,
    creditsPerMonth: config.creditsPerMonth,
    creditResetDay: config.creditResetDay,
  })
  return createGate({
    plan: { name: `${config.tier} tier`, allowance },
    openLedger: () => openLedgerFile({ dataDir: config.dataDir, apiKey, allowance, clock: systemClock }),
    mode: isLocal ? 'open' : 'closed',
    retries: PARSE_RETRIES,
    logger,
  })
}
