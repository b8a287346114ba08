/** Compares offers as a buyer does: which fits, what the order costs, which is best, what is usual and where they are from. */
import { evidenceOf } from './evidence/evidence.ts'
import type { OfferDetails } from './offer.ts'
import { type AmountRange, medianOf, orderAmounts, parseAmount } from './price/money.ts'
import { minimumOrder, type Quote, quoteOffer } from './quote.ts'

export interface CompareWishes {
  /** Units; `null`: each offer at the smallest order that its seller takes. */
  quantity: number | null
  /** The largest minimum order that is welcome; `null` for any. */
  maxMoq: number | null
  /** The dearest unit price that is welcome, in CNY; `null` for any. */
  maxUnitPrice: number | null
}

/**
 * Why an offer does not fit: the wanted quantity is below its minimum order, or is not made of whole lots; its minimum order or its unit price is
 * over the limit, or the price of some of its variants is. `unknown_*`: nobody can say whether it fits.
 */
export type Miss =
  | 'moq'
  | 'lot'
  | 'max_moq'
  | 'max_unit_price'
  | 'some_over_max_unit_price'
  | 'unknown_moq'
  | 'unknown_price'

export interface ComparedOffer {
  details: OfferDetails
  quote: Quote
  /** Empty for an offer that can be ordered exactly as wished. */
  misses: Miss[]
}

/** What is usual among the offers. */
export interface PriceSummary {
  /** Offers whose price is known. */
  offers: number
  /** Over the low ends and over the high ends of their unit prices. */
  median: AmountRange
  /** From the lowest end to the highest. */
  span: AmountRange
}

export interface PlaceGroup {
  province: string | null
  offers: number
  /** Largest first; offers without a city are in none. */
  cities: { city: string; offers: number }[]
}

export interface Comparison {
  /** Best first. */
  offers: ComparedOffer[]
  /** `null` where no price is known. */
  prices: PriceSummary | null
  /** Largest first; the unknown place last. */
  places: PlaceGroup[]
}

/** Compares. */
export function compareOffers(all: readonly OfferDetails[], wishes: CompareWishes): Comparison {
  const offers = all.map(details => {
    const quote = quoteOffer(details, wishes.quantity)
    return { details, quote, misses: missesOf(details, quote, wishes) }
  })
  return { offers: rank(offers, wishes), prices: summarize(offers), places: groupByPlace(all) }
}

function missesOf(details: OfferDetails, quote: Quote, { quantity, maxMoq, maxUnitPrice }: CompareWishes): Miss[] {
  const minimum = minimumOrder(details)
  const limit = maxUnitPrice === null ? null : parseAmount(maxUnitPrice.toFixed(5))
  const misses: Miss[] = []
  if (quote.meetsMoq === false) misses.push('moq')
  if (quote.meetsLot === false) misses.push('lot')
  if (minimum === null && (quantity !== null || maxMoq !== null)) misses.push('unknown_moq')
  if (maxMoq !== null && minimum !== null && minimum > maxMoq) misses.push('max_moq')
  if (quote.unitPrice === null) misses.push('unknown_price')
  else if (limit !== null && quote.unitPrice.low > limit) misses.push('max_unit_price')
  else if (limit !== null && quote.unitPrice.high > limit) misses.push('some_over_max_unit_price')
  return misses
}

/** What fits first; then by what it costs at most, for the low end of a price may be of a variant that nobody wants. */
function rank(offers: ComparedOffer[], { quantity }: CompareWishes): ComparedOffer[] {
  const costOf = ({ quote }: ComparedOffer): AmountRange | null => (quantity === null ? quote.unitPrice : quote.total)
  return [...offers].sort(
    (a, b) =>
      Number(a.misses.length > 0) - Number(b.misses.length > 0) ||
      Number(costOf(a) === null) - Number(costOf(b) === null) ||
      orderAmounts(costOf(a)?.high ?? 0n, costOf(b)?.high ?? 0n) ||
      orderAmounts(costOf(a)?.low ?? 0n, costOf(b)?.low ?? 0n) ||
      a.quote.orderQuantity - b.quote.orderQuantity ||
      (evidenceOf(b.details).repurchaseRate ?? 0) - (evidenceOf(a.details).repurchaseRate ?? 0) ||
      orderAmounts(BigInt(a.details.offerId), BigInt(b.details.offerId)),
  )
}

function summarize(offers: readonly ComparedOffer[]): PriceSummary | null {
  const priced = offers.map(({ quote }) => quote.unitPrice).filter(price => price !== null)
  const lows = priced.map(price => price.low).sort(orderAmounts)
  const highs = priced.map(price => price.high).sort(orderAmounts)
  const [lowest, highest] = [lows[0], highs.at(-1)]
  const [low, high] = [medianOf(lows), medianOf(highs)]
  if (lowest === undefined || highest === undefined || low === null || high === null) return null
  return { offers: priced.length, median: { low, high }, span: { low: lowest, high: highest } }
}

function groupByPlace(offers: readonly OfferDetails[]): PlaceGroup[] {
  const groups = countBy(offers, offer => offer.province ?? '').map(([province, members]) => ({
    province: province === '' ? null : province,
    offers: members.length,
    cities: countBy(members, offer => offer.city ?? '')
      .filter(([city]) => city !== '')
      .map(([city, there]) => ({ city, offers: there.length })),
  }))
  return [...groups.filter(group => group.province !== null), ...groups.filter(group => group.province === null)]
}

/** Groups by a name, the largest first, then in the order in which they came. */
function countBy(offers: readonly OfferDetails[], nameOf: (offer: OfferDetails) => string): [string, OfferDetails[]][] {
  const groups = new Map<string, OfferDetails[]>()
  for (const offer of offers) groups.set(nameOf(offer), [...(groups.get(nameOf(offer)) ?? []), offer])
  return [...groups].sort(([, a], [, b]) => b.length - a.length)
}
