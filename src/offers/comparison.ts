/** Compares offers as a buyer does: which fit, what the order costs, which is best, typical prices and places. */
import { evidenceOf } from './evidence/evidence.ts'
import type { OfferDetails } from './offer.ts'
import { type AmountRange, medianOf, orderAmounts, parseAmount } from './price/money.ts'
import { minimumOrder, type Quote, quoteOffer, variantsInStock, type Wanted } from './quote.ts'

export interface CompareWishes extends Wanted {
  /** The largest acceptable minimum order; `null` for any. */
  maxMoq: number | null
  /** The highest acceptable unit price in CNY; `null` for any. */
  maxUnitPrice: number | null
}

/**
 * Why an offer does not fit. `not_orderable`: the listing is withdrawn or under review. `sold_out`: the offer or the
 * chosen variant. `no_such_variant`: no single variant has that name. `moq`, `lot`: the quantity is below the minimum
 * order, or not a multiple of the lot size. `max_moq`, `max_unit_price`, `some_over_max_unit_price`: the minimum order,
 * the unit price or the price of some variants exceeds the buyer's limit. `unknown_*`: the listing does not say.
 */
export type Miss =
  | 'not_orderable'
  | 'sold_out'
  | 'no_such_variant'
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
  /** Empty for an offer that fits. */
  misses: Miss[]
}

export interface PriceSummary {
  /** Offers with a known price. */
  offers: number
  /** Of the low ends and of the high ends of their unit prices. */
  median: AmountRange
  /** From the lowest price to the highest. */
  span: AmountRange
}

export interface PlaceGroup {
  province: string | null
  offers: number
  /** Largest first; does not include offers without a city. */
  cities: { city: string; offers: number }[]
}

export interface Comparison {
  /** Best first. */
  offers: ComparedOffer[]
  /** `null` if no price is known. */
  prices: PriceSummary | null
  /** Largest first, unknown places last. */
  places: PlaceGroup[]
}

export function compareOffers(all: readonly OfferDetails[], wishes: CompareWishes): Comparison {
  const offers = all.map(details => {
    const quote = quoteOffer(details, wishes)
    return { details, quote, misses: missesOf(details, quote, wishes) }
  })
  return { offers: rank(offers, wishes), prices: summarize(offers), places: groupByPlace(all) }
}

function missesOf(
  details: OfferDetails,
  quote: Quote,
  { quantity, variant, maxMoq, maxUnitPrice }: CompareWishes,
): Miss[] {
  const minimum = minimumOrder(details)
  const limit = maxUnitPrice === null ? null : parseAmount(maxUnitPrice.toFixed(5))
  const misses: Miss[] = []
  if (details.status === 'not_orderable') misses.push('not_orderable')
  else if (isSoldOut(details, quote)) misses.push('sold_out')
  if (variant !== null && quote.variant === null && details.skus.length > 0) misses.push('no_such_variant')
  if (quote.meetsMoq === false) misses.push('moq')
  if (quote.meetsLot === false) misses.push('lot')
  if (minimum === null && (quantity !== null || maxMoq !== null)) misses.push('unknown_moq')
  if (maxMoq !== null && minimum !== null && minimum > maxMoq) misses.push('max_moq')
  if (quote.unitPrice === null) misses.push('unknown_price')
  else if (limit !== null && quote.unitPrice.low > limit) misses.push('max_unit_price')
  else if (limit !== null && quote.unitPrice.high > limit) misses.push('some_over_max_unit_price')
  return misses
}

function isSoldOut(details: OfferDetails, { variant }: Quote): boolean {
  if (details.status === 'sold_out' || variant?.stock === 0) return true
  return details.skus.length > 0 && variantsInStock(details).length === 0
}

/** Offers that fit first, then by highest cost: the low end of a price may belong to an unwanted variant. */
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

/** Largest group first, then by first appearance. */
function countBy(offers: readonly OfferDetails[], nameOf: (offer: OfferDetails) => string): [string, OfferDetails[]][] {
  const groups = new Map<string, OfferDetails[]>()
  for (const offer of offers) groups.set(nameOf(offer), [...(groups.get(nameOf(offer)) ?? []), offer])
  return [...groups].sort(([, a], [, b]) => b.length - a.length)
}
