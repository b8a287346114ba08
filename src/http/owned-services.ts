import type { Services } from '../use-cases/use-cases.ts'
import { withOperatorHints } from './access/operator-hints.ts'
import { withPictureAddresses } from './addressed-pictures.ts'
import { withPages } from './page-addresses.ts'

export interface OwnedServices {
  /** The use cases for one owner of imports, the same each time. */
  servicesOf: (owner: string) => Services
  /** Signs addresses of pictures for an owner. */
  signPictures: (owner: string) => Promise<(offerId: string) => string>
}

/** The use cases of each owner, with the addresses of this server in what they answer. */
export function ownedServices({ servicesOf, signPictures }: OwnedServices, pageBase: () => string | null) {
  const made = new WeakMap<Services, Services>()
  const make = (owner: string, services: Services): Services =>
    withPictureAddresses(withPages(withOperatorHints(services), pageBase), async () => {
      const base = pageBase()
      if (base === null) return null
      const sign = await signPictures(owner)
      return offerId => `${base}${sign(offerId)}`
    })
  return (owner: string): Services => {
    const services = servicesOf(owner)
    const known = made.get(services) ?? make(owner, services)
    made.set(services, known)
    return known
  }
}
