/** Landed costs as the comparison shows them, from a reply of `estimate_landed_cost`. */

import { asNumber, asObject, asObjects, asText, asTexts, type Json } from '../bridge/json.ts'
import type { Note } from './provenance.ts'
import { yuan } from './yuan.ts'

export interface LandedCosts {
  /** Of the order, by offer: in CNY and, on a line of its own, in the other currency. */
  totals: ReadonlyMap<string, string>
  /** Parts that some total lacks, because the buyer's rates or the listing do not say them. */
  without: Note
  /** The rate of exchange, for people; `null` if there is none. */
  rate: string | null
}

/** `null` if nothing but the goods is known: a buyer who has set no rates is shown no column. */
export function readLandedCosts(reply: unknown): LandedCosts | null {
  const { offers, currency, zh } = asObject(reply)
  const all = asObjects(offers)
  // Fees that nobody has set are 0.
  const isSet = all.some(
    ({ parts, total_cny }) =>
      asText(total_cny) !== null || asObjects(parts).some(({ name, cny }) => name !== 'goods' && Number(cny) > 0),
  )
  if (!isSet) return null
  const { code, cny, from } = asObject(currency)
  const [name, value] = [asText(code), asNumber(Number(cny))]
  return {
    totals: new Map(all.flatMap(offer => totalOf(offer, name, value))),
    without: [
      [...new Set(all.flatMap(offer => asTexts(offer.without)))].join(', ') || null,
      asText(asObject(zh).without),
    ],
    rate: name === null ? null : `1 ${name} = ${yuan(String(cny))} (${String(from)})`,
  }
}

function totalOf(offer: Json, currency: string | null, cnyForOne: number | null): [string, string][] {
  const [offerId, total, part] = [asText(offer.offer_id), asText(offer.total_cny), asText(offer.subtotal_cny)]
  const amount = total ?? part
  if (offerId === null || amount === null) return []
  const sign = total === null ? '≥ ' : ''
  const inOther = amount.replaceAll(/[\d.]+/g, number => (Number(number) / (cnyForOne ?? 1)).toFixed(2))
  const other = currency === null || cnyForOne === null ? '' : `\n≈ ${inOther} ${currency}`
  return [[offerId, sign + yuan(amount) + other]]
}
