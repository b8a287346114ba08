/** Filters and orders of a search, and which of them an upstream applies itself. */

export type SortOrder = 'best_match' | 'price_asc' | 'price_desc' | 'sales' | 'repurchase'

export type SellerFilter = 'any' | 'factory' | 'verified'

export interface SearchFilters {
  /** In CNY. */
  minPrice?: number
  /** In CNY. */
  maxPrice?: number
  maxMoq?: number
  /** Default: best match. */
  sort?: SortOrder
  /** Default: any. */
  seller?: SellerFilter
}

/** What an upstream applies itself; a page is the same whatever the rest says. */
export interface AppliedFilters {
  /** Of the numbers. */
  limits: ReadonlySet<'minPrice' | 'maxPrice' | 'maxMoq'>
  /** Besides the best match. */
  sorts: ReadonlySet<SortOrder>
  /** Besides any. */
  sellers: ReadonlySet<SellerFilter>
}

/** The part of `filters` that the upstream applies. Best match and any seller are left out: they ask for nothing. */
export function appliedUpstream(
  { limits, sorts, sellers }: AppliedFilters,
  { minPrice, maxPrice, maxMoq, sort, seller }: SearchFilters,
): SearchFilters {
  return {
    ...(minPrice !== undefined && limits.has('minPrice') && { minPrice }),
    ...(maxPrice !== undefined && limits.has('maxPrice') && { maxPrice }),
    ...(maxMoq !== undefined && limits.has('maxMoq') && { maxMoq }),
    ...(sort !== undefined && sorts.has(sort) && { sort }),
    ...(seller !== undefined && sellers.has(seller) && { seller }),
  }
}
