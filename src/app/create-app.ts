/** Assembles the program: everything is built at the first call, and one close() ends it. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { OPERATOR } from '../catalogue/owners.ts'
import type { ExportPage } from '../exports/export-page.ts'
import type { Gauges } from '../http/server/metrics.ts'
import type { PictureAddresses } from '../pictures/addresses/picture-addresses.ts'
import type { PicturePage } from '../pictures/addresses/picture-page.ts'
import type { LentPage } from '../pictures/upload/lent-page.ts'
import type { UploadPage } from '../pictures/upload/upload-page.ts'
import { retryable } from '../store/retryable.ts'
import type { PageName } from '../tools/define.ts'
import type { Diagnosis } from '../use-cases/diagnose.ts'
import { mapUseCases, type Services } from '../use-cases/use-cases.ts'
import type { AppOptions, OpenServices } from './build-services.ts'
import type { Forgotten } from './forget-account.ts'
import { keptByOwner } from './kept-by-owner.ts'
import type { OpenCatalogue } from './open-catalogue.ts'
import type { CatalogueAt, CatalogueUse } from './open-stores.ts'

export interface App {
  /** The operator's. */
  services: Services
  /** The use cases for one owner of imports. */
  servicesOf(owner: string): Services
  /** For commands that work on the catalogue itself. Default: as the operator sees it. */
  openCatalogue(owner?: string): Promise<OpenCatalogue>
  /** To be closed by the caller. @param place `files`, `store`, a folder or a database URL. */
  openCatalogueAt(place: string, use: CatalogueUse): Promise<CatalogueAt>
  openDiagnosis(): Promise<Diagnosis>
  /** The owners of watch lists. */
  listWatchers(): Promise<string[]>
  /** Deletes what an account has stored. */
  forgetAccount(owner: string): Promise<Forgotten>
  /** Answers requests for the pages on which people send photos. */
  uploadPage: UploadPage
  /** Answers requests for files that were exported over HTTP. */
  exportPage: ExportPage
  /** Answers requests for lent pictures. */
  lentPage: LentPage
  /** Signs addresses of pictures for an owner. */
  signPictures: PictureAddresses['signer']
  /** Answers requests for pictures of imported and sample offers. */
  picturePage: PicturePage
  /** A page as it was built. */
  readPage(name: PageName): Promise<string>
  /** What is being decoded fails, and so does what is to be decoded later. */
  stopDecoding(): Promise<void>
  gauges: Gauges
  close(): Promise<void>
}

/** Nothing is imported, opened or connected before the first call. */
export function createApp(options: AppOptions): App {
  const opening = retryable(() => start(options))
  const servicesOf = keptByOwner(owner =>
    mapUseCases(name => async (request, call) => (await opening.get()).servicesOf(owner)[name](request, call)),
  )
  return {
    services: servicesOf(OPERATOR),
    servicesOf,
    openCatalogue: async (owner = OPERATOR) => (await opening.get()).openCatalogue(owner),
    openCatalogueAt: async (place, use) => (await import('./build-services.ts')).openOneCatalogue(place, use, options),
    uploadPage: async request => (await opening.get()).uploadPage(request),
    listWatchers: async () => (await opening.get()).listWatchers(),
    forgetAccount: async owner => (await opening.get()).forgetAccount(owner),
    exportPage: async (response, file) => (await opening.get()).exportPage(response, file),
    lentPage: async (response, file) => (await opening.get()).lentPage(response, file),
    signPictures: async owner => (await opening.get()).pictureAddresses.signer(owner),
    picturePage: async (response, url, isActive) => (await opening.get()).picturePage(response, url, isActive),
    openDiagnosis: async () => (await opening.get()).diagnosis,
    readPage: name => readFile(path.join(options.packageDir, 'dist', `${name}.html`), 'utf8'),
    stopDecoding: async () => {
      await (await opening.opened())?.decoder.close()
    },
    gauges: {
      decoder: async () => (await opening.get()).gauges.decoder(),
      openUploads: async () => (await opening.get()).gauges.openUploads(),
      storedBytes: async () => (await opening.get()).gauges.storedBytes(),
    },
    close: async () => {
      await (await opening.opened())?.close()
    },
  }
}

async function start(options: AppOptions): Promise<OpenServices> {
  const { createServices } = await import('./build-services.ts')
  return createServices(options)
}
