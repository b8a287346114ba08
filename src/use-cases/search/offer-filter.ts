/** The filters of a search, applied to single offers and explained in remarks. */
import type { OfferFilters } from '../../catalogue/catalogue.ts'
import { AppError } from '../../errors.ts'
import type { OfferSummary } from '../../offers/offer.ts'
import { matchesPlace, resolvePlace } from '../../offers/place/place.ts'
import type { Remark } from '../../offers/results/results.ts'
import { cleanText } from '../../offers/text.ts'

const QUOTED_MAX_CHARS = 60

/**
 * Lists the places an ambiguous location was taken for.
 * @throws AppError `invalid_input` for an unknown one: an empty page would look as if nobody sold there.
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
    message: `Unknown location ${JSON.stringify(cleanText(location, QUOTED_MAX_CHARS) ?? '')}: not a Chinese city or province we recognise.`,
    hint: 'Pass one in Chinese or pinyin, for example 义乌, Yiwu or Zhejiang, or leave location out.',
  })
}

/** As in the catalogue, an offer with an unknown value does not pass. */
export function createOfferFilter({ maxPrice, maxMoq, location }: OfferFilters): (offer: OfferSummary) => boolean {
  const places = location === undefined ? null : resolvePlace(location)
  return offer =>
    (maxPrice === undefined || (offer.price !== null && offer.price.min <= maxPrice)) &&
    (maxMoq === undefined || (offer.moq !== null && offer.moq <= maxMoq)) &&
    (places === null || matchesPlace(places, offer))
}

export function isFiltered(filters: OfferFilters): boolean {
  return Object.keys(filters).length > 0
}

/** @param left how many of the `looked` offers passed. */
export function filteredKnown(looked: number, left: number, { maxMoq }: OfferFilters): Remark {
  return { kind: 'filtered_known', looked, left, byMoq: maxMoq !== undefined }
}
