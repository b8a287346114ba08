/** The filters and orders that TMAPI documents, each endpoint its own. */
import type { SearchFilters, SortOrder } from '../../offers/filters.ts'
import { type AppliedFilters, appliedUpstream } from '../search-filters.ts'

const SORTS: Readonly<Partial<Record<SortOrder, string>>> = {
  sales: 'sales',
  price_asc: 'price_up',
  price_desc: 'price_down',
}

const sorts: AppliedFilters['sorts'] = new Set(['sales', 'price_asc', 'price_desc'])

/** Of `search/image`. */
export const PICTURE_FILTERS: AppliedFilters = {
  limits: new Set(['minPrice', 'maxPrice']),
  sorts,
  sellers: new Set(['factory', 'verified']),
}

/** Of `search/items`, which can only ask for super factories: that would leave out the other factories. */
export const KEYWORD_FILTERS: AppliedFilters = {
  limits: new Set(['minPrice', 'maxPrice', 'maxMoq']),
  sorts,
  sellers: new Set(),
}

/** Of `shop/items`. */
export const SHOP_FILTERS: AppliedFilters = { limits: new Set(['minPrice', 'maxPrice']), sorts, sellers: new Set() }

export function shopFilters(query: SearchFilters): Record<string, string> {
  return commonFilters(appliedUpstream(SHOP_FILTERS, query))
}

export function pictureFilters(query: SearchFilters): Record<string, string> {
  const { seller, ...applied } = appliedUpstream(PICTURE_FILTERS, query)
  return {
    ...commonFilters(applied),
    ...(seller === 'factory' && { is_factory: 'true' }),
    ...(seller === 'verified' && { verified_supplier: 'true' }),
  }
}

export function keywordFilters(query: SearchFilters): Record<string, string> {
  const { maxMoq, ...applied } = appliedUpstream(KEYWORD_FILTERS, query)
  return { ...commonFilters(applied), ...(maxMoq !== undefined && { moq: String(maxMoq) }) }
}

function commonFilters({ minPrice, maxPrice, sort = 'best_match' }: SearchFilters): Record<string, string> {
  return {
    sort: SORTS[sort] ?? 'default',
    ...(minPrice !== undefined && { price_start: String(minPrice) }),
    ...(maxPrice !== undefined && { price_end: String(maxPrice) }),
  }
}
