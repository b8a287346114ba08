/** Which filters and orders an upstream applies itself. */
import type { SearchFilters, SellerFilter, SortOrder } from '../offers/filters.ts'

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
