/** What a quantity of an offer costs, as far as its listing tells: the step of the ladder, the order that is possible, its total. */
import type { OfferDetails } from './offer.ts'
import { type AmountRange, rangeOf } from './price/money.ts'
import type { Price } from './price/price.ts'
import { spanPrices } from './price/price.ts'

/**
 * What a unit price rests on. `ladder`: the step of a quantity ladder. `variants`: no ladder, each variant has a price of its own.
 * `headline`: only the price at the top of the listing is known, often the cheapest variant's or the largest quantity's. `unknown`: no price.
 */
export type PriceBasis = 'ladder' | 'variants' | 'headline' | 'unknown'

/** What a quantity of one offer costs. */
export interface Quote {
  /** The smallest order that covers what is wanted: raised to the minimum order, then to whole lots. */
  orderQuantity: number
  /** Whether exactly the wanted quantity can be ordered; `null` where the minimum order is unknown. */
  meetsMoq: boolean | null
  /** Whether the wanted quantity is made of whole lots; `null` where no lot size is known. */
  meetsLot: boolean | null
  /** Of one unit at `orderQuantity`; `null` where no price is known. */
  unitPrice: AmountRange | null
  basis: PriceBasis
  /** Of `orderQuantity` units, without freight; `null` where no price is known. */
  total: AmountRange | null
}

/** Quotes an offer. @param wanted units, at least 1; `null` for the smallest order that the seller takes. */
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

/** The smallest order, units; `null` where it is unknown. A ladder begins at it, also where the listing does not name it by itself. */
export function minimumOrder({ moq, priceTiers }: OfferDetails): number | null {
  return moq ?? priceTiers[0]?.minQuantity ?? null
}

function priceAt(details: OfferDetails, quantity: number): { price: Price | null; basis: PriceBasis } {
  const step = details.priceTiers.findLast(tier => tier.minQuantity <= quantity)
  if (step) return { price: step.price, basis: 'ladder' }
  // A ladder that begins later says nothing of this quantity, and its variants' prices are those of some step of it.
  const skuPrices = details.skus.map(sku => sku.price).filter(price => price !== null)
  const isWhole = skuPrices.length > 0 && skuPrices.length === details.skus.length && details.priceTiers.length === 0
  if (isWhole) return { price: spanPrices(skuPrices), basis: 'variants' }
  return { price: details.price, basis: 'headline' }
}
