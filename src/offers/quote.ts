/** Quotes a quantity of an offer from its listing: price step, possible order and total. */
import type { OfferDetails } from './offer.ts'
import { type AmountRange, rangeOf } from './price/money.ts'
import type { Price } from './price/price.ts'
import { spanPrices } from './price/price.ts'

/**
 * Where a unit price comes from. `ladder`: a step of the price ladder. `variants`: no ladder, the variants' own prices.
 * `headline`: only the listing's main price, often that of the cheapest variant or the largest quantity. `unknown`: no
 * price.
 */
export type PriceBasis = 'ladder' | 'variants' | 'headline' | 'unknown'

export interface Quote {
  /** The smallest order that covers the wanted quantity: raised to the minimum order, then to whole lots. */
  orderQuantity: number
  /** Whether the wanted quantity reaches the minimum order; `null` if that is unknown. */
  meetsMoq: boolean | null
  /** Whether the wanted quantity is a multiple of the lot size; `null` if that is unknown. */
  meetsLot: boolean | null
  /** Of one unit at `orderQuantity`; `null` if no price is known. */
  unitPrice: AmountRange | null
  basis: PriceBasis
  /** Of `orderQuantity` units, without freight; `null` if no price is known. */
  total: AmountRange | null
}

/** @param wanted units, at least 1; `null` for the smallest order the seller accepts. */
export function quoteOffer(details: OfferDetails, wanted: number | null): Quote {
  const minimum = minimumOrder(details)
  const { lotSize } = details
  const needed = Math.max(wanted ?? 1, minimum ?? 1)
  const orderQuantity = lotSize === null ? needed : Math.ceil(needed / lotSize) * lotSize
  const { price, basis } = priceAt(details, orderQuantity)
  const unitPrice = price && rangeOf(price)
  const times = BigInt(orderQuantity)
  return {
    orderQuantity,
    meetsMoq: minimum === null ? null : wanted === null || wanted >= minimum,
    meetsLot: lotSize === null ? null : wanted === null || wanted % lotSize === 0,
    unitPrice,
    basis: unitPrice === null ? 'unknown' : basis,
    total: unitPrice && { low: unitPrice.low * times, high: unitPrice.high * times },
  }
}

/** In units; `null` if unknown. A ladder starts at the minimum order even if the listing does not state it. */
export function minimumOrder({ moq, priceTiers }: OfferDetails): number | null {
  return moq ?? priceTiers[0]?.minQuantity ?? null
}

function priceAt(details: OfferDetails, quantity: number): { price: Price | null; basis: PriceBasis } {
  const step = details.priceTiers.findLast(tier => tier.minQuantity <= quantity)
  if (step) return { price: step.price, basis: 'ladder' }
  // A ladder that starts higher does not cover this quantity, and the variants' prices then belong to one of its steps.
  const skuPrices = details.skus.map(sku => sku.price).filter(price => price !== null)
  const isWhole = skuPrices.length > 0 && skuPrices.length === details.skus.length && details.priceTiers.length === 0
  if (isWhole) return { price: spanPrices(skuPrices), basis: 'variants' }
  return { price: details.price, basis: 'headline' }
}
