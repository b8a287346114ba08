/** Owns putting the program together: use cases that build what they need at the first call, and one close() for all of it. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { CheckUp } from '../use-cases/diagnose.ts'
import type { Services } from '../use-cases/use-cases.ts'
import type { AppOptions, OpenCatalogue, OpenServices } from './build-services.ts'
import type { CatalogueAt, CatalogueUse } from './open-stores.ts'

/** The program's use cases. */
export interface App {
  services: Services
  /** The catalogue itself, for the commands that work on it. */
  openCatalogue(): Promise<OpenCatalogue>
  /** One catalogue by itself, to be closed by the caller; the place is `files`, `store`, a folder or the address of a database. */
  openCatalogueAt(place: string, use: CatalogueUse): Promise<CatalogueAt>
  /** What tells whether the parts work. */
  openCheckUp(): Promise<CheckUp>
  /** The page of the product grid, as built. */
  readGrid(): Promise<string>
  /** Ends what was opened, in reverse. */
  close(): Promise<void>
}

/** Makes the app. Nothing is imported, opened or connected before the first call. */
export function createApp(options: AppOptions): App {
  let opening: Promise<OpenServices> | null = null
  const open = (): Promise<OpenServices> => {
    opening ??= import('./build-services.ts').then(module => module.createServices(options))
    return opening
  }
  return {
    services: {
      searchByImage: async (request, call) => (await open()).services.searchByImage(request, call),
      searchByKeyword: async (request, call) => (await open()).services.searchByKeyword(request, call),
      listIndex: async (request, call) => (await open()).services.listIndex(request, call),
      getDetails: async (request, call) => (await open()).services.getDetails(request, call),
      compareOffers: async (request, call) => (await open()).services.compareOffers(request, call),
      syncCatalogue: async (request, call) => (await open()).services.syncCatalogue(request, call),
      getCards: async (request, call) => (await open()).services.getCards(request, call),
      getThumbnail: async (image, call) => (await open()).services.getThumbnail(image, call),
      getPreviews: async (request, call) => (await open()).services.getPreviews(request, call),
      describeCatalogue: async () => (await open()).services.describeCatalogue(),
      completeOfferIds: async (prefix, limit) => (await open()).services.completeOfferIds(prefix, limit),
      getUsage: async () => (await open()).services.getUsage(),
    },
    openCatalogue: async () => (await open()).openCatalogue,
    openCatalogueAt: async (place, use) => (await import('./build-services.ts')).openOneCatalogue(place, use, options),
    openCheckUp: async () => (await open()).checkUp,
    readGrid: () => readFile(path.join(options.packageDir, 'dist/grid.html'), 'utf8'),
    close: async () => {
      const opened = await opening?.catch(() => null)
      await opened?.close()
    },
  }
}
