/** Owns looking into the catalogue without a picture: what it holds, and ids to complete. Asks no upstream and costs nothing. */
import type { Catalogue, CatalogueOffer } from '../../catalogue/catalogue.ts'
import type { CatalogueOverview } from '../../offers/results/results.ts'
import type { Embedder } from '../../vision/embedder.ts'

/** Offers that an overview lists. */
const LISTED_OFFERS = 100

/** What {@link createBrowseCatalogue} needs. */
export interface BrowseDeps {
  catalogue: Catalogue
  embedder: Embedder
  /** Sources whose offers searches rank. */
  sources: readonly string[]
}

/** Makes the use cases. */
export function createBrowseCatalogue({ catalogue, embedder, sources }: BrowseDeps) {
  return {
    /** What the catalogue holds, and its first offers. */
    async describeCatalogue(): Promise<CatalogueOverview> {
      const stats = await catalogue.stats(embedder.id)
      const listed = await catalogue.list(sources, null, LISTED_OFFERS)
      const ranked = stats.filter(({ source }) => sources.includes(source))
      return {
        sources: stats.map(({ mirror: _mirror, ...counts }) => counts),
        offers: listed.map(({ source, offer }) => ({ source, offer })),
        leftOut: Math.max(0, ranked.reduce((sum, { offers }) => sum + offers, 0) - listed.length),
      }
    },

    /** Ids of known offers that begin with these digits, in order. @param limit the most that are given. */
    async completeOfferIds(prefix: string, limit: number): Promise<string[]> {
      const ids = new Set<string>()
      for (const source of sources) {
        const exact = prefix === '' ? null : await catalogue.getOffer(prefix, [source])
        const after = { source, offerId: prefix }
        const others: CatalogueOffer[] = await catalogue.list([source], after, limit)
        for (const { offer } of [...(exact ? [exact] : []), ...others]) {
          if (offer.offerId.startsWith(prefix)) ids.add(offer.offerId)
        }
      }
      return [...ids].slice(0, limit)
    },
  }
}
