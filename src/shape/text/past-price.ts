/** What a price was before. */
import { lastOtherPrice, type PastObservation } from '../../offers/observation.ts'
import type { OfferDetails } from '../../offers/offer.ts'
import { formatRange } from '../../offers/price/money.ts'
import { type Quote, quoteOffer, type Wanted } from '../../offers/quote.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `12 Nov`, with the year if it is not that of `now` (UTC). */
function dayText(at: number, now: number): string {
  const date = new Date(at)
  const year = date.getUTCFullYear() === new Date(now).getUTCFullYear() ? '' : ` ${date.getUTCFullYear()}`
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}${year}`
}

/** `3.20 on 12 Nov`: the last other price of the listing. @param past newest first. */
export function priceWas(
  { price }: Pick<OfferDetails, 'price'>,
  past: readonly PastObservation[],
  now: number,
): string | null {
  const other = lastOtherPrice(past, price?.text ?? null)
  return other?.facts.price ? `${other.facts.price.text} on ${dayText(other.lastAt, now)}` : null
}

/**
 * The last other unit price of the same order. The prices of single variants are not remembered, so a quote that is
 * made of them has none.
 */
export function unitPriceWas(
  details: OfferDetails,
  { unitPrice, basis }: Quote,
  wanted: Wanted,
  past: readonly PastObservation[],
  now: number,
): string | null {
  if (unitPrice === null || (basis !== 'ladder' && basis !== 'headline')) return null
  for (const { facts, lastAt } of past) {
    const { price = null, priceTiers = [] } = facts
    const quote = quoteOffer({ ...details, price, priceTiers, skus: [] }, { ...wanted, variant: null })
    // A ladder and a main price are not the same kind of price.
    if (quote.unitPrice === null || quote.basis !== basis) continue
    if (formatRange(quote.unitPrice) !== formatRange(unitPrice))
      return `${formatRange(quote.unitPrice)} on ${dayText(lastAt, now)}`
  }
  return null
}
