import type { PriceBasis } from '../../../offers/quote.ts'

/** Where a unit price comes from, in words. */
export const PRICE_BASES: Readonly<Record<PriceBasis, string>> = {
  ladder: 'price tier',
  variant: 'variant',
  variants: 'variants',
  headline: 'listing headline',
  unknown: 'unknown',
}
