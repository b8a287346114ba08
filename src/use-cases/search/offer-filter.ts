/** The filters of a search, explained in remarks. */
import { invalidInput } from '../../errors.ts'
import { isFiltered, type OfferFilters, type SearchFilters, valuesFiltered } from '../../offers/filters.ts'
import { resolvePlace } from '../../offers/place/place.ts'
import type { FilterRemark, Remark } from '../../offers/results/results.ts'
import { quoted } from '../../offers/text.ts'

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
  throw invalidInput(
    `Unknown location ${quoted(location)}: not a Chinese city or province we recognise.`,
    'Pass one in Chinese or pinyin, for example 义乌, Yiwu or Zhejiang, or leave location out.',
  )
}

/** The arguments that filter, apart from the order. */
function argumentsOf({ minPrice, maxPrice, maxMoq, location, seller }: OfferFilters): string[] {
  const bounds = { min_price: minPrice, max_price: maxPrice, max_moq: maxMoq, location }
  const named = Object.entries({ ...bounds, seller: seller === 'any' ? undefined : seller })
  return named.filter(([, value]) => value !== undefined).map(([name]) => name)
}

/** The part of `filters` that is left to do here. */
export function withoutApplied(filters: OfferFilters, applied: SearchFilters): OfferFilters {
  return Object.fromEntries(Object.entries(filters).filter(([name]) => !(name in applied)))
}

export type FilterCounts = Pick<FilterRemark, 'looked' | 'fitting' | 'unlisted'>

/** @param upstream that applied the part `applied`; `null` for known offers. */
export function remarksOnFilters(
  filters: OfferFilters,
  counts: FilterCounts,
  upstream: string | null = null,
  applied: SearchFilters = {},
): Remark[] {
  if (!isFiltered(filters)) return []
  const here = withoutApplied(filters, applied)
  const remark = { upstream, there: argumentsOf(applied), here: argumentsOf(here), ...counts }
  return [{ kind: 'filtered', ...remark, values: valuesFiltered(here) }]
}

export function remarksOnOrder(
  { sort = 'best_match' }: OfferFilters,
  by: string | null,
  within: 'page' | 'alike' | null,
): Remark[] {
  return sort === 'best_match' ? [] : [{ kind: 'sorted', sort, by, within }]
}
