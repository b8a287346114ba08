/** Builds the use cases' shared parts from the configuration: opened in order, closed in reverse. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { createReplyCache } from '../cache/reply-cache.ts'
import { IMPORT_SOURCE } from '../catalogue/catalogue.ts'
import { createHoldings } from '../catalogue/holdings.ts'
import { createOwnedCatalogue, OPERATOR } from '../catalogue/owners.ts'
import type { Config } from '../config.ts'
import { createTextFetcher } from '../costs/rates/fetch-text.ts'
import { createExchangeRates } from '../costs/rates/rates.ts'
import { createEcb, createFrankfurter } from '../costs/rates/sources.ts'
import { createExportFolder } from '../exports/export-folder.ts'
import { createExportPage, type ExportPage } from '../exports/export-page.ts'
import { createReadPast } from '../history/past.ts'
import { createRecorder } from '../history/recorder.ts'
import { createRecordingCatalogue } from '../history/recording-catalogue.ts'
import type { Gauges } from '../http/server/metrics.ts'
import type { Logger } from '../log.ts'
import { NO_PROXIES, type Proxies } from '../net/proxies.ts'
import type { Remark } from '../offers/results/results.ts'
import { createPictureAddresses, type PictureAddresses } from '../pictures/addresses/picture-addresses.ts'
import { createPicturePage, type PicturePage } from '../pictures/addresses/picture-page.ts'
import type { ClipboardOptions } from '../pictures/clipboard.ts'
import { createDecoderPool, type DecoderPool } from '../pictures/decoder/pool.ts'
import { createPictureReader, withPhotos } from '../pictures/reader.ts'
import { createRecentPictures } from '../pictures/recent-pictures.ts'
import { createLendPicture, createLentPage, type LentPage } from '../pictures/upload/lent-page.ts'
import { createLoopbackPage } from '../pictures/upload/loopback-page.ts'
import { createPickedPhotos } from '../pictures/upload/picked-photos.ts'
import { createUploadPage, type UploadPage } from '../pictures/upload/upload-page.ts'
import { withPicker } from '../pictures/upload/with-picker.ts'
import { systemClock } from '../time/clock.ts'
import { createFailover, SAMPLE_SOURCE } from '../upstream-calls/failover.ts'
import { createAccountIndexers } from '../use-cases/account-indexers.ts'
import { createDropPictures } from '../use-cases/catalogue/drop-pictures.ts'
import { createSources } from '../use-cases/catalogue-sources.ts'
import { createDiagnosis, type Diagnosis } from '../use-cases/diagnose.ts'
import { ownedIndexer } from '../use-cases/owned-indexer.ts'
import { createPictureIndexer } from '../use-cases/picture-indexer.ts'
import { createEmbedQuery } from '../use-cases/search/embedding/embed-query.ts'
import { mapUseCases, type Services, USE_CASES, type UseCaseName } from '../use-cases/use-cases.ts'
import { createShippedVectors } from '../vision/builtin/shipped-vectors.ts'
import { createEmbedder } from '../vision/create-embedder.ts'
import { createAccountFiles } from './account-files.ts'
import { readCostSettings } from './cost-settings.ts'
import { createUpstreams } from './create-upstreams.ts'
import { createForgetAccount, type Forgotten } from './forget-account.ts'
import { keptByOwner } from './kept-by-owner.ts'
import { createKeptRates } from './kept-rates.ts'
import { madeOnce } from './made-once.ts'
import { createOpenCatalogue, type OpenCatalogue } from './open-catalogue.ts'
import { type CatalogueAt, type CatalogueUse, openCatalogueAt, openStores } from './open-stores.ts'

export interface AppOptions {
  config: Config
  /** Contains assets/ and dist/. */
  packageDir: string
  logger: Logger
  proxies?: Proxies
  /** Whether the caller uses this machine: then pictures may be local files, and calls may go out without a ledger. */
  isLocal: boolean
  /** What `~` in the path of a picture stands for. Default: none. */
  homeDir?: string
  /** Where the program runs, for the clipboard. Default: none is read. */
  machine?: ClipboardOptions
  /** For the first answer. */
  remarks?: readonly Remark[]
}

export interface OpenServices {
  /** The use cases for one owner, who sees their own imports and those for everybody. */
  servicesOf(owner: string): Services
  openCatalogue(owner: string): OpenCatalogue
  diagnosis: Diagnosis
  /** Answers requests for the pages on which people send photos. */
  uploadPage: UploadPage
  /** Answers requests for files that were exported over HTTP. */
  exportPage: ExportPage
  /** Answers requests for lent pictures. */
  lentPage: LentPage
  pictureAddresses: PictureAddresses
  /** Answers requests for pictures of imported and sample offers. */
  picturePage: PicturePage
  /** Who watches any offers or searches. */
  listWatchers(): Promise<string[]>
  forgetAccount(owner: string): Promise<Forgotten>
  decoder: Pick<DecoderPool, 'close'>
  /** For the metrics. */
  gauges: Gauges
  close(): Promise<void>
}

/** Opens a single catalogue for copying; see `openCatalogueAt` in open-stores.ts. */
export function openOneCatalogue(place: string, use: CatalogueUse, options: AppOptions): CatalogueAt {
  const { config, packageDir, logger } = options
  return openCatalogueAt(place, use, { config, distDir: path.join(packageDir, 'dist'), logger })
}

/** Rejects with AppError for a configuration that cannot work. */
export async function createServices({
  config,
  packageDir,
  logger,
  proxies = NO_PROXIES,
  isLocal,
  homeDir = '',
  machine,
  remarks = [],
}: AppOptions): Promise<OpenServices> {
  const assetsDir = path.join(packageDir, 'assets')
  const distDir = path.join(packageDir, 'dist')
  const sampleDir = path.join(assetsDir, 'sample')
  const clock = systemClock
  const now = clock.now
  const decoderDir = path.join(config.dataDir, 'decoder')
  const decoder = createDecoderPool({
    entryFile: path.join(distDir, 'decoder.js'),
    folder: decoderDir,
    hasOwnModel: config.embedder.startsWith('onnx:'),
    logger,
  })
  // Before the stores, since nothing needs closing if this fails.
  const embedder = await createEmbedder({ spec: config.embedder, assetsDir, distDir, decoder })
  const stores = openStores({ config, distDir, logger })
  const { cacheStore, openLedger, takeRemarks } = stores
  remarks.forEach(stores.notice)
  // Sample offers never change.
  const isKept = (source: string) => config.history > 0 && source !== SAMPLE_SOURCE
  const recorder = createRecorder({
    store: stores.history,
    retentionMs: config.history,
    isKept,
    now,
    logger,
    onNotKept: () => stores.notice({ kind: 'history_not_kept' }),
  })
  const catalogue = createRecordingCatalogue(stores.catalogue, recorder)
  const cache = createReplyCache({ ...(cacheStore ? { store: cacheStore } : {}), clock, logger })
  const upstreams = createUpstreams({ config, sampleDir, catalogue, cache, openLedger, logger, proxies, isLocal })
  const ownHosts = config.publicUrl === undefined ? [] : [new URL(config.publicUrl).hostname]
  const sourceOptions = { sampleDir: path.join(sampleDir, 'pictures'), allow: config.imageAllow, ownHosts, proxies }
  const uploadPage = createUploadPage({
    photos: stores.photos,
    redraw: bytes => decoder.redraw(bytes, { owner: 'caller' }),
    readPage: async () => {
      const [page, picker] = await Promise.all(
        ['upload', 'picker'].map(name => readFile(path.join(distDir, `${name}.html`), 'utf8')),
      )
      return withPicker(page ?? '', picker ?? '')
    },
  })
  const loopbackPage = createLoopbackPage(uploadPage)
  const clipboard = config.clipboard === 'on' ? machine : undefined
  const pictureReader = createPictureReader({
    ...sourceOptions,
    allowFiles: isLocal,
    homeDir,
    readsPages: true,
    clipboard,
  })
  // File paths in the catalogue come from imports on this machine; HTTP callers cannot add any.
  const catalogueReader = createPictureReader({ ...sourceOptions, allowFiles: true })
  const shipped = createShippedVectors(path.join(sampleDir, 'vectors.json'))
  const { vectorsPerOffer } = config
  const indexing = {
    catalogue,
    embedder,
    pictureReader: catalogueReader,
    shipped,
    vectorsPerOffer,
    logger,
    now,
  }
  const indexer = createPictureIndexer(indexing)
  const accountIndexers = createAccountIndexers(indexing, clock)
  const lends = !isLocal && config.lendPictures === 'on'
  const lendPicture = lends && config.publicUrl ? createLendPicture(stores.photos, config.publicUrl) : null
  const files = {
    dataDir: config.dataDir,
    exportFolder: createExportFolder(path.join(config.dataDir, 'exports')),
    exportStore: stores.exports,
    isLocal,
    now,
  }
  const rateFetcher = createTextFetcher(proxies)
  const recentPicturesOf = createRecentPictures(now)
  const pictureAddresses = createPictureAddresses(stores.signingSecret, now)
  const shared = {
    pictureAddresses,
    cache: config.cache === 'on' && upstreams.some(({ plan }) => plan !== null) ? cache : null,
    failover: createFailover(upstreams, clock),
    catalogue,
    decoder,
    embedder,
    embedQuery: createEmbedQuery(embedder),
    indexer,
    lendPicture,
    pictureReader,
    catalogueReader,
    upstreams,
    sourceNames: [...upstreams.map(({ name }) => name), IMPORT_SOURCE],
    watches: stores.watches,
    takeRemarks,
    defaultCurrency: config.currency,
    homeDir,
    exchangeRates: createExchangeRates(config.fx, {
      now,
      kept: createKeptRates(config.dataDir),
      sources: { ecb: createEcb(rateFetcher.fetchText), frankfurter: createFrankfurter(rateFetcher.fetchText) },
    }),
    readCostSettings: () => readCostSettings(config.costsFile, isLocal),
    logger,
    now,
  }
  const { dataDir } = config
  const dropPictures = createDropPictures({ catalogue, dataDir, hasOtherOffers: stores.hasOtherOffers, logger, now })
  const servicesOf = (owner: string): Services => {
    const photos = createPickedPhotos({
      photos: stores.photos,
      owner,
      isOnePerson: owner === OPERATOR,
      openLoopback: loopbackPage.open,
      now,
    })
    const ownCatalogue = createOwnedCatalogue(catalogue, owner)
    const { isSampleStandIn } = config
    const own = {
      ...shared,
      owner,
      catalogue: ownCatalogue,
      sources: createSources({ catalogue: ownCatalogue, upstreams, isSampleStandIn }),
      ...createAccountFiles(owner, files),
      holdings: createHoldings(catalogue, owner),
      dropPictures,
      readPast: createReadPast({ store: stores.history, owner, isKept, logger }),
      indexer: ownedIndexer({ shared: indexer, own: accountIndexers.of(owner), owner, catalogue: ownCatalogue }),
      photos,
      recentPictures: recentPicturesOf(owner),
      pictureReader: withPhotos(pictureReader, photos),
    }
    // A use case may depend on others, by name.
    const useCase = madeOnce(async (name: UseCaseName) => (await USE_CASES[name].load())({ ...own, ...services }))
    const services = mapUseCases(name => async (request, call) => (await useCase(name))(request, call))
    return services
  }
  return {
    servicesOf: keptByOwner(servicesOf),
    openCatalogue: createOpenCatalogue({ ...shared, dropPictures, decoderDir }),
    diagnosis: createDiagnosis(shared),
    listWatchers: stores.watches.owners,
    forgetAccount: createForgetAccount({ catalogue, watches: stores.watches, dataDir: config.dataDir }),
    uploadPage,
    exportPage: createExportPage(stores.exports),
    lentPage: createLentPage(stores.photos),
    pictureAddresses,
    picturePage: createPicturePage({
      addresses: pictureAddresses,
      async readPicture(owner, offerId) {
        const found = await createOwnedCatalogue(catalogue, owner).getOffer(offerId, shared.sourceNames)
        const reference = found?.offer.imageUrl ?? null
        // Pictures with an address of their own are loaded from there.
        if (reference === null || /^https?:/i.test(reference)) return null
        return { reference, bytes: async () => (await catalogueReader.read(reference)).bytes }
      },
      shrink: (bytes, side) => decoder.thumbnail(bytes, side, { owner: 'listing' }),
    }),
    decoder,
    gauges: {
      decoder: async () => decoder.counts(),
      openUploads: stores.photos.countOpen,
      storedBytes: stores.storedBytes,
    },
    close: async () => {
      await loopbackPage.close()
      await stores.photos.close()
      await stores.exports.close()
      await Promise.all([indexer.close(), accountIndexers.close()])
      await decoder.close()
      await Promise.all([rateFetcher.close(), embedder.close(), pictureReader.close(), catalogueReader.close()])
      // Close clients before the cache, which waits for requests in flight.
      for (const { close } of upstreams) await close()
      await cache.close()
      await catalogue.close()
      await stores.close()
    },
  }
}
