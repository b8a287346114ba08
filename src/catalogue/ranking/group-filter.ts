import { type OfferFilters, sellerFit, worst } from '../../offers/filters.ts'
import { type Fit, placeFit, resolvePlace } from '../../offers/place/place.ts'
import type { OfferGroup } from './vector-index.ts'

/** The filters on source, place and seller. An unknown location matches nothing. */
export function createGroupFilter(sources: readonly string[], { location, seller = 'any' }: OfferFilters) {
  const places = location === undefined ? null : resolvePlace(location)
  return (group: OfferGroup): Fit => {
    if (!sources.includes(group.source)) return 'misses'
    return worst(places === null ? 'fits' : placeFit(places, group), sellerFit(seller, group))
  }
}
