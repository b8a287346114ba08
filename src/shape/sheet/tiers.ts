/** The price tiers and variants of offers as rows of a second sheet. */
import type { OfferDetails, OfferSummary, Sku } from '../../offers/offer.ts'
import { rangeOf } from '../../offers/price/money.ts'
import type { Price } from '../../offers/price/price.ts'
import { type SheetRow, unitPriceCells } from './offer-cells.ts'

export const TIER_COLUMNS = [
  'offer_id',
  'title',
  'from_quantity',
  'variant',
  'unit_price_low_cny',
  'unit_price_high_cny',
  'stock',
] as const

type TierRow = SheetRow<(typeof TIER_COLUMNS)[number]>

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
  return {
    offer_id: offerId,
    title,
    from_quantity: null,
    variant: null,
    stock: null,
    ...unitPriceCells(price && rangeOf(price)),
    ...more,
  }
}
