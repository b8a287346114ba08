/** Owns putting the program together: use cases that build what they need at the first call, and one close() for all of it. */

import type { AppOptions, OpenCatalogue, OpenServices } from './compose.ts'
import type { Services } from './sourcing/services.ts'

/** The program's use cases. */
export interface App {
  services: Services
  /** The catalogue itself, for the commands that work on it. */
  openCatalogue(): Promise<OpenCatalogue>
  /** Ends what was opened, in reverse. */
  close(): Promise<void>
}

/** Makes the app. Nothing is imported, opened or connected before the first call. */
export function createApp(options: AppOptions): App {
  let opening: Promise<OpenServices> | null = null
  const open = (): Promise<OpenServices> => {
    opening ??= import('./compose.ts').then(module => module.createServices(options))
    return opening
  }
  return {
    services: {
      searchByImage: async (request, call) => (await open()).services.searchByImage(request, call),
      listIndex: async (request, call) => (await open()).services.listIndex(request, call),
      getDetails: async (request, call) => (await open()).services.getDetails(request, call),
      syncCatalogue: async (request, call) => (await open()).services.syncCatalogue(request, call),
      getUsage: async () => (await open()).services.getUsage(),
    },
    openCatalogue: async () => (await open()).openCatalogue,
    close: async () => {
      const opened = await opening?.catch(() => null)
      await opened?.close()
    },
  }
}
