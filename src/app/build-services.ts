/** Builds what the use cases share from the configuration: opened in order, closed in reverse. */
import path from 'node:path'
import { createReplyCache } from '../cache/reply-cache.ts'
import type { Catalogue, CatalogueStats } from '../catalogue/catalogue.ts'
import { IMPORT_SOURCE } from '../catalogue/catalogue.ts'
import type { Config } from '../config.ts'
import type { Logger } from '../log.ts'
import { NO_PROXIES, type Proxies } from '../net/proxies.ts'
import { createPictureReader } from '../pictures/reader.ts'
import { systemClock } from '../time/clock.ts'
import { createFailover } from '../upstream-calls/failover.ts'
import { createDiagnosis, type Diagnosis } from '../use-cases/diagnose.ts'
import { createPictureIndexer } from '../use-cases/picture-indexer.ts'
import { mapUseCases, type Services, USE_CASES, type UseCaseName } from '../use-cases/use-cases.ts'
import { createShippedVectors } from '../vision/builtin/shipped-vectors.ts'
import { createEmbedder } from '../vision/create-embedder.ts'
import { createUpstreams } from './create-upstreams.ts'
import { madeOnce } from './made-once.ts'
import { type CatalogueAt, type CatalogueUse, openCatalogueAt, openStores } from './open-stores.ts'

/** What the use cases are built from. */
export interface AppOptions {
  config: Config
  /** The folder that holds assets/ and dist/. */
  packageDir: string
  logger: Logger
  /** Default: none. */
  proxies?: Proxies
  /** Whether pictures may be local files, and calls go out without a ledger: true where the caller sits at this machine. */
  isLocal: boolean
}

/** The catalogue, with its counts for the embedder that is in use. */
export interface OpenCatalogue {
  catalogue: Catalogue
  stats(): Promise<CatalogueStats[]>
}

export interface OpenServices {
  services: Services
  openCatalogue: OpenCatalogue
  diagnosis: Diagnosis
  close(): Promise<void>
}

/** Opens one catalogue by itself, for copying; see `openCatalogueAt` of open-stores.ts. */
export function openOneCatalogue(place: string, use: CatalogueUse, options: AppOptions): CatalogueAt {
  const { config, packageDir, logger } = options
  return openCatalogueAt(place, use, { config, distDir: path.join(packageDir, 'dist'), logger })
}

/** Builds the use cases. Rejects with AppError for a configuration that cannot work. */
export async function createServices({
  config,
  packageDir,
  logger,
  proxies = NO_PROXIES,
  isLocal,
}: AppOptions): Promise<OpenServices> {
  const assetsDir = path.join(packageDir, 'assets')
  const distDir = path.join(packageDir, 'dist')
  const sampleDir = path.join(assetsDir, 'sample')
  const clock = systemClock
  const now = clock.now
  // First: where this fails, nothing is open that would have to be closed.
  const embedder = await createEmbedder({ spec: config.embedder, assetsDir, distDir, logger })
  const stores = openStores({ config, distDir, logger })
  const { catalogue, cacheStore, openLedger, remarks: standingRemarks } = stores
  const cache = createReplyCache({ ...(cacheStore ? { store: cacheStore } : {}), clock, logger })
  const upstreams = createUpstreams({ config, sampleDir, catalogue, cache, openLedger, logger, proxies, isLocal })
  const sourceOptions = { sampleDir: path.join(sampleDir, 'pictures'), allow: config.imageAllow, proxies }
  const pictureReader = createPictureReader({ ...sourceOptions, allowFiles: isLocal })
  // Paths in the catalogue were written there by an import at this machine; callers over HTTP cannot add any.
  const catalogueReader = createPictureReader({ ...sourceOptions, allowFiles: true })
  const shipped = createShippedVectors(path.join(sampleDir, 'vectors.json'))
  const indexer = createPictureIndexer({ catalogue, embedder, pictureReader: catalogueReader, shipped, logger, now })
  const shared = {
    cache: config.cache === 'on' && upstreams.some(({ plan }) => plan !== null) ? cache : null,
    failover: createFailover(upstreams, clock),
    catalogue,
    embedder,
    indexer,
    pictureReader,
    catalogueReader,
    upstreams,
    sourceNames: [...upstreams.map(({ name }) => name), IMPORT_SOURCE],
    standingRemarks,
    logger,
    now,
  }
  // Other use cases are handed in by name.
  const useCase = madeOnce(async (name: UseCaseName) => (await USE_CASES[name].load())({ ...shared, ...services }))
  const services = mapUseCases(name => async (request, call) => (await useCase(name))(request, call))
  return {
    services,
    openCatalogue: { catalogue, stats: () => catalogue.stats(embedder.id) },
    diagnosis: createDiagnosis(shared),
    close: async () => {
      await indexer.close()
      await Promise.all([embedder.close(), pictureReader.close(), catalogueReader.close()])
      // First, so that what is on the wire ends: the cache waits for it.
      for (const { close } of upstreams) await close()
      await cache.close()
      await catalogue.close()
      await stores.close()
    },
  }
}
