/** What the grid knows of a comparison, read from a reply of `compare_products`. Pure. */
import { asNumber, asObject, asObjects, asText, type Json } from '../bridge/json.ts'
import { type Provenance, readProvenance } from './provenance.ts'

/** An offer among the compared ones. `null` is unknown. */
export interface ComparedRow {
  offerId: string
  title: string
  shopName: string | null
  place: string | null
  /** CNY texts. */
  unitPrice: string | null
  total: string | null
  /** Units that the order has: the smallest one that covers the request. */
  orderQuantity: number | null
  moq: number | null
  unit: string | null
  /** Codes of why it does not fit. */
  misses: string[]
}

export interface Comparison {
  rows: ComparedRow[]
  /** `null`: each at its smallest order. */
  quantity: number | null
  median: string | null
  range: string | null
  /** Sentences of the server on offers that are missing, with their ids. */
  failed: string[]
  note: string | null
  /** What the comparison would cost, where only that was asked. */
  dryRunCredits: number | null
  provenance: Provenance
}

/** The comparison in the JSON of a reply, or `null` where that is something else. */
export function readComparison(reply: unknown): Comparison | null {
  const value = asObject(reply)
  if (!Array.isArray(value.offers)) return null
  const prices = asObject(value.unit_prices)
  return {
    rows: asObjects(value.offers).flatMap(readRow),
    quantity: asNumber(value.quantity),
    median: asText(prices.median),
    range: asText(prices.range),
    failed: asObjects(value.failed).map(({ offers, reason }) => {
      const names = Array.isArray(offers) ? offers.map(asText).filter(name => name !== null) : []
      return [names.join(', '), asText(reason) ?? ''].join(': ')
    }),
    note: asText(value.note),
    dryRunCredits: value.dry_run === undefined ? null : asNumber(asObject(value.dry_run).credits),
    provenance: readProvenance(reply),
  }
}

function readRow(offer: Json): ComparedRow[] {
  const offerId = asText(offer.offer_id)
  if (offerId === null) return []
  return [
    {
      offerId,
      title: asText(offer.title) ?? offerId,
      shopName: asText(offer.shop_name),
      place: asText(offer.city) ?? asText(offer.province),
      unitPrice: asText(offer.unit_price),
      total: asText(offer.order_total),
      orderQuantity: asNumber(offer.order_quantity),
      moq: asNumber(offer.moq),
      unit: asText(offer.unit),
      misses: Array.isArray(offer.misses) ? offer.misses.map(asText).filter(miss => miss !== null) : [],
    },
  ]
}
