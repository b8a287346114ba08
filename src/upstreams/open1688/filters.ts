/** The filters and orders of `keywordQuery` and `imageQuery`. */
import type { SearchFilters, SortOrder } from '../../offers/filters.ts'
import { type AppliedFilters, appliedUpstream } from '../search-filters.ts'

const SORTS: Readonly<Partial<Record<SortOrder, string>>> = {
  price_asc: '{"price":"asc"}',
  price_desc: '{"price":"desc"}',
  sales: '{"monthSold":"desc"}',
  repurchase: '{"rePurchaseRate":"desc"}',
}

/** No minimum order quantity, and no value of `filter` for verified merchants. */
export const OPEN1688_FILTERS: AppliedFilters = {
  limits: new Set(['minPrice', 'maxPrice']),
  sorts: new Set(['price_asc', 'price_desc', 'sales', 'repurchase']),
  sellers: new Set(['factory']),
}

export function filterParams(query: SearchFilters): Record<string, string> {
  const { minPrice, maxPrice, sort, seller } = appliedUpstream(OPEN1688_FILTERS, query)
  const order = sort && SORTS[sort]
  return {
    ...(minPrice !== undefined && { priceStart: String(minPrice) }),
    ...(maxPrice !== undefined && { priceEnd: String(maxPrice) }),
    ...(order !== undefined && { sort: order }),
    ...(seller === 'factory' && { filter: 'certifiedFactory' }),
  }
}
