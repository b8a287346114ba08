/** Addresses that the server gives out, for pages that open without a key. */
import { AppError } from '../errors.ts'
import type { Services } from '../use-cases/use-cases.ts'
import { isLoopback } from './access/guards.ts'

export interface AddressConfig {
  host: string
  trustProxy: 'on' | 'off'
  publicUrl?: string | undefined
}

/** What an address begins with; `null` if others may call, and no public address is configured. */
export function pageBaseOf({ host, trustProxy, publicUrl }: AddressConfig, port: number): string | null {
  return publicUrl ?? (isLoopback(host) && trustProxy === 'off' ? localBase(host, port) : null)
}

function localBase(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Pages for photos and exports have an address that the caller's person can open. @param base what it begins with. */
export function withPages(services: Services, base: () => string | null): Services {
  return {
    ...services,
    pickPhoto: async request => {
      const origin = base()
      if (origin === null) throw noPublicUrl('open a page for a photo', NO_PHOTO_PAGE)
      return services.pickPhoto({ ...request, origin })
    },
    exportOffers: async (request, call) => {
      const origin = base()
      if (origin === null) throw noPublicUrl('give out a file', NO_FILE)
      return services.exportOffers({ ...request, origin }, call)
    },
  }
}

const NO_PHOTO_PAGE = 'Until then, pass the link of a picture or a data: URL.'
const NO_FILE = 'Until then, compare_products shows the same offers.'

function noPublicUrl(what: string, until: string): AppError {
  return new AppError({
    code: 'config_invalid',
    message: `This server does not know its public address, so it cannot ${what}.`,
    hint: `Its operator can set MCP1688_PUBLIC_URL. ${until}`,
  })
}
