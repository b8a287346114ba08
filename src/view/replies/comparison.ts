/** A comparison as the grid reads it from a reply of `compare_products`. */
import { asNumber, asObject, asObjects, asText, asTexts, type Json } from '../bridge/json.ts'
import type { Price } from './price.ts'
import { type Provenance, readProvenance } from './provenance.ts'

/** `null` is unknown. */
export interface ComparedRow {
  offerId: string
  title: string
  shopName: string | null
  place: string | null
  /** In CNY. */
  unitPrice: string | null
  total: string | null
  /** In the other currency. */
  totalOther: string | null
  variant: string | null
  /** Units of the smallest order that covers the request. */
  orderQuantity: number | null
  moq: number | null
  unit: string | null
  /** Codes for why it does not fit. */
  misses: string[]
}

export interface Comparison {
  rows: ComparedRow[]
  /** `null` for the smallest order of each. */
  quantity: number | null
  median: string | null
  range: string | null
  /** If only that was asked for. */
  price: Price | null
  /** Its note names the offers that are missing, too. */
  provenance: Provenance
}

/** `null` if the JSON is not a comparison. */
export function readComparison(reply: unknown): Comparison | null {
  const value = asObject(reply)
  if (!Array.isArray(value.offers)) return null
  const prices = asObject(value.unit_prices)
  const { credits, at_most: most } = asObject(value.dry_run)
  const cost = asNumber(most) ?? asNumber(credits)
  const {
    note: [note, noteZh],
    ...provenance
  } = readProvenance(reply)
  const failed = asObjects(value.failed).map(
    ({ offers, reason }) => `${asTexts(offers).join(', ')}: ${asText(reason) ?? ''}`,
  )
  return {
    rows: asObjects(value.offers).flatMap(offer => readRow(offer, asText(asObject(value.currency).code))),
    quantity: asNumber(value.quantity),
    median: asText(prices.median),
    range: asText(prices.range),
    price: cost === null ? null : { credits: cost, isMost: cost !== credits },
    provenance: { ...provenance, note: [[note, ...failed].filter(text => text).join(' ') || null, noteZh] },
  }
}

function readRow(offer: Json, currency: string | null): ComparedRow[] {
  const offerId = asText(offer.offer_id)
  if (offerId === null) return []
  const totalOther = asText(offer.total_other)
  return [
    {
      offerId,
      title: asText(offer.title) ?? offerId,
      shopName: asText(offer.shop_name),
      place: asText(offer.city) ?? asText(offer.province),
      unitPrice: asText(offer.unit_price),
      total: asText(offer.order_total),
      totalOther: totalOther && currency ? `${totalOther} ${currency}` : totalOther,
      variant: asText(offer.variant),
      orderQuantity: asNumber(offer.order_quantity),
      moq: asNumber(offer.moq),
      unit: asText(offer.unit),
      misses: asTexts(offer.misses),
    },
  ]
}
