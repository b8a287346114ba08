import type { Catalogue, CatalogueOffer } from '../../catalogue/catalogue.ts'
import type { Sources } from '../catalogue-sources.ts'

export interface CompletionRequest {
  prefix: string
  /** The most IDs to return. */
  limit: number
}

export interface CompletionDeps {
  catalogue: Catalogue
  sources: Sources
}

/** IDs of known offers with this prefix, in order. Asks no upstream and costs nothing. */
export function createCompleteOfferIds({ catalogue, sources }: CompletionDeps) {
  return async function completeOfferIds({ prefix, limit }: CompletionRequest): Promise<string[]> {
    const ids = new Set<string>()
    for (const source of await sources.all()) {
      const exact = prefix === '' ? null : await catalogue.getOffer(prefix, [source])
      const after = { source, offerId: prefix }
      const others: CatalogueOffer[] = await catalogue.list([source], after, limit)
      for (const { offer } of [...(exact ? [exact] : []), ...others]) {
        if (offer.offerId.startsWith(prefix)) ids.add(offer.offerId)
      }
    }
    return [...ids].slice(0, limit)
  }
}
