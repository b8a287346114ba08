/** Landed costs as the comparison shows them, from a reply of `estimate_landed_cost`. */
import { asObject, asObjects, asText } from '../bridge/json.ts'

export interface LandedCosts {
  /** Text by offer, in CNY and the other currency. */
  perUnit: ReadonlyMap<string, string>
  /** The rate of exchange, for people; `null` if there is none. */
  currencyText: string | null
}

/** `null` if no total is known: a buyer who has set no rates is shown no column. */
export function readLandedCosts(reply: unknown): LandedCosts | null {
  const { offers, currency } = asObject(reply)
  const { code, cny, from } = asObject(currency)
  const name = asText(code)
  const perUnit = new Map<string, string>()
  for (const offer of asObjects(offers)) {
    const [offerId, inCny, inOther] = [asText(offer.offer_id), asText(offer.unit_cny), asText(offer.unit_other)]
    if (offerId === null || inCny === null) continue
    perUnit.set(offerId, `¥${inCny}${inOther === null || name === null ? '' : `\n≈ ${inOther} ${name}`}`)
  }
  if (perUnit.size === 0) return null
  return { perUnit, currencyText: name === null ? null : `1 ${name} = ¥${String(cny)} (${String(from)})` }
}
