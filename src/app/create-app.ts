/** Puts the program together: what the use cases need is built at the first call, and one close() ends all of it. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Diagnosis } from '../use-cases/diagnose.ts'
import { mapUseCases, type Services } from '../use-cases/use-cases.ts'
import type { AppOptions, OpenCatalogue, OpenServices } from './build-services.ts'
import type { CatalogueAt, CatalogueUse } from './open-stores.ts'

export interface App {
  services: Services
  /** The catalogue itself, for the commands that work on it. */
  openCatalogue(): Promise<OpenCatalogue>
  /** One catalogue by itself, to be closed by the caller; the place is `files`, `store`, a folder or the address of a database. */
  openCatalogueAt(place: string, use: CatalogueUse): Promise<CatalogueAt>
  openDiagnosis(): Promise<Diagnosis>
  /** The page of the product grid, as built. */
  readGrid(): Promise<string>
  /** Ends what was opened, in reverse. */
  close(): Promise<void>
}

/** Makes the app. Nothing is imported, opened or connected before the first call. */
export function createApp(options: AppOptions): App {
  let opening: Promise<OpenServices> | null = null
  const open = (): Promise<OpenServices> => {
    opening ??= start(options).catch(error => {
      // What was missing may be there at the next call.
      opening = null
      throw error
    })
    return opening
  }
  return {
    services: mapUseCases(name => async (request, call) => (await open()).services[name](request, call)),
    openCatalogue: async () => (await open()).openCatalogue,
    openCatalogueAt: async (place, use) => (await import('./build-services.ts')).openOneCatalogue(place, use, options),
    openDiagnosis: async () => (await open()).diagnosis,
    readGrid: () => readFile(path.join(options.packageDir, 'dist/grid.html'), 'utf8'),
    close: async () => {
      const opened = await opening?.catch(() => null)
      await opened?.close()
    },
  }
}

async function start(options: AppOptions): Promise<OpenServices> {
  const { createServices } = await import('./build-services.ts')
  return createServices(options)
}
