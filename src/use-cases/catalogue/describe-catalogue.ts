import type { Catalogue } from '../../catalogue/catalogue.ts'
import { isAmong } from '../../catalogue/owners.ts'
import type { CatalogueOverview } from '../../offers/results/usage.ts'
import type { Embedder } from '../../vision/embedder.ts'
import type { Sources } from '../catalogue-sources.ts'

const LISTED_OFFERS = 100

export interface DescribeDeps {
  catalogue: Catalogue
  embedder: Embedder
  sources: Sources
}

/** Asks no upstream and costs nothing. */
export function createDescribeCatalogue({ catalogue, embedder, sources }: DescribeDeps) {
  return async function describeCatalogue(): Promise<CatalogueOverview> {
    const stats = await catalogue.stats(embedder.id)
    const sourceNames = await sources.all()
    const listed = await catalogue.list(sourceNames, null, LISTED_OFFERS)
    const ranked = stats.filter(({ source }) => isAmong(source, sourceNames))
    return {
      sources: stats.map(({ mirror: _mirror, ...counts }) => counts),
      offers: listed.map(({ source, offer }) => ({ source, offer })),
      leftOut: Math.max(0, ranked.reduce((sum, { offers }) => sum + offers, 0) - listed.length),
    }
  }
}
