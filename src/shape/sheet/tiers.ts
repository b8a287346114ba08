/** The price steps and variants of offers as rows of a second sheet. */
import type { OfferDetails, OfferSummary, Sku } from '../../offers/offer.ts'
import { formatAmount, rangeOf } from '../../offers/price/money.ts'
import type { Price } from '../../offers/price/price.ts'

export const TIER_COLUMNS = [
  'offer_id',
  'title',
  'from_quantity',
  'variant',
  'unit_price_low_cny',
  'unit_price_high_cny',
  'stock',
] as const

export type TierRow = Record<(typeof TIER_COLUMNS)[number], string | number | null>

type Priced = Pick<OfferSummary, 'offerId' | 'title' | 'priceTiers'> & Partial<Pick<OfferDetails, 'skus'>>

export function tierRows(offers: readonly Priced[]): TierRow[] {
  return offers.flatMap(offer => [
    ...(offer.priceTiers ?? []).map(({ minQuantity, price }) => rowOf(offer, price, { from_quantity: minQuantity })),
    ...(offer.skus ?? []).map(sku => variantRow(offer, sku)),
  ])
}

function variantRow(offer: Priced, { name, price, stock }: Sku): TierRow {
  return rowOf(offer, price, { variant: name, stock })
}

function rowOf({ offerId, title }: Priced, price: Price | null, more: Partial<TierRow>): TierRow {
  const range = price && rangeOf(price)
  return {
    ...{ offer_id: offerId, title, from_quantity: null, variant: null, stock: null },
    unit_price_low_cny: range && formatAmount(range.low),
    unit_price_high_cny: range && formatAmount(range.high),
    ...more,
  }
}
