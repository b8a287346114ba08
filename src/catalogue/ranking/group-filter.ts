import { matchesPlace, resolvePlace } from '../../offers/place/place.ts'
import type { OfferGroup } from './vector-index.ts'

/** The filters on source and place. An unknown location matches nothing. */
export function createGroupFilter(sources: readonly string[], location: string | undefined) {
  const places = location === undefined ? null : resolvePlace(location)
  return (group: OfferGroup): boolean =>
    sources.includes(group.source) && (places === null || matchesPlace(places, group))
}
