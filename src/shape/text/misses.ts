import type { Miss } from '../../offers/comparison.ts'

/** Why an offer does not fit. */
export const MISSES: Readonly<Record<string, string>> = {
  moq: 'quantity is below the MOQ',
  lot: 'quantity is not a whole number of lots',
  max_moq: 'MOQ is above max_moq',
  max_unit_price: 'price is above max_unit_price',
  some_over_max_unit_price: 'price is partly above max_unit_price',
  unknown_moq: 'MOQ unknown',
  unknown_price: 'price unknown',
  sold_out: 'sold out',
  not_orderable: 'withdrawn or under review',
  no_such_variant: 'no single variant matches that name',
} satisfies Record<Miss, string>

export function missText(miss: string): string {
  return MISSES[miss] ?? miss
}
