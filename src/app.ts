/** Owns putting the program together: use cases that build what they need at the first call, and one close() for all of it. */
import type { Config } from './config.ts'
import type { Logger } from './log.ts'
import type { OpenServices } from './sourcing/create-services.ts'
import type { Services } from './sourcing/services.ts'

/** What {@link createApp} needs. */
export interface AppOptions {
  config: Config
  /** The folder that holds assets/ and dist/. */
  packageDir: string
  logger: Logger
  /** Whether pictures may be local files, and calls go out without a ledger: true where the caller sits at this machine. */
  isLocal: boolean
}

/** The program's use cases. */
export interface App {
  services: Services
  /** Ends what was opened, in reverse. */
  close(): Promise<void>
}

/** Makes the app. Nothing is imported, opened or connected before the first call. */
export function createApp(options: AppOptions): App {
  let opening: Promise<OpenServices> | null = null
  const open = (): Promise<OpenServices> => {
    opening ??= import('./sourcing/create-services.ts').then(module => module.createServices(options))
    return opening
  }
  return {
    services: {
      searchByImage: async (request, call) => (await open()).services.searchByImage(request, call),
      getDetails: async (request, call) => (await open()).services.getDetails(request, call),
    },
    close: async () => {
      const opened = await opening?.catch(() => null)
      await opened?.close()
    },
  }
}
