/** What it means for an offer to pass the filters that concern its source and place. */
import { matchesPlace, resolvePlace } from '../../offers/place/place.ts'
import type { OfferGroup } from './vector-index.ts'

/** A location that names no place lets nothing pass. */
export function createGroupFilter(sources: readonly string[], location: string | undefined) {
  const places = location === undefined ? null : resolvePlace(location)
  return (group: OfferGroup): boolean =>
    sources.includes(group.source) && (places === null || matchesPlace(places, group))
}
