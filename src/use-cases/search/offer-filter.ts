/** What a search makes of its filters. */
import type { OfferFilters } from '../../catalogue/catalogue.ts'
import { AppError } from '../../errors.ts'
import type { OfferSummary } from '../../offers/offer.ts'
import { matchesPlace, resolvePlace } from '../../offers/place/place.ts'
import type { Remark } from '../../offers/results/results.ts'

/**
 * What a word for a place was taken for, where it can mean several.
 * @throws AppError `invalid_input` for one that means none: an empty page would look as if nobody sold there.
 */
export function remarksOnPlace({ location }: OfferFilters): Remark[] {
  if (location === undefined) return []
  const places = resolvePlace(location).map(place =>
    [place.province, place.city].filter(name => name !== null).join(''),
  )
  if (places.length > 1) return [{ kind: 'places_taken', places }]
  if (places.length === 1) return []
  throw new AppError({
    code: 'invalid_input',
    message: 'location is no city or province of China that is known here.',
    hint: 'Pass one in Chinese or pinyin, for example 义乌, Yiwu or Zhejiang, or leave location out.',
  })
}

/** Makes the judge of single offers. As in the catalogue, what is unknown does not pass: nobody can say that it fits. */
export function createOfferFilter({ maxPrice, maxMoq, location }: OfferFilters): (offer: OfferSummary) => boolean {
  const places = location === undefined ? null : resolvePlace(location)
  return offer =>
    (maxPrice === undefined || (offer.price !== null && offer.price.min <= maxPrice)) &&
    (maxMoq === undefined || (offer.moq !== null && offer.moq <= maxMoq)) &&
    (places === null || matchesPlace(places, offer))
}

/** Whether anything is filtered at all. */
export function isFiltered(filters: OfferFilters): boolean {
  return Object.keys(filters).length > 0
}

/** What is to be said where offers that are known were filtered. @param left of the `looked` ones. */
export function filteredKnown(looked: number, left: number, { maxMoq }: OfferFilters): Remark {
  return { kind: 'filtered_known', looked, left, byMoq: maxMoq !== undefined }
}
