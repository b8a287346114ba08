/** Quotes a quantity of an offer from its listing: price tier, possible order and total. */
import type { OfferDetails, Sku } from './offer.ts'
import { type AmountRange, rangeOf } from './price/money.ts'
import { type Price, spanPrices } from './price/price.ts'

/**
 * Where a unit price comes from. `ladder`: a step of the price ladder. `variant`: the chosen variant. `variants`: all
 * variants in stock, if there is no ladder and none was chosen. `headline`: only the listing's main price, often that
 * of the cheapest variant or the largest quantity.
 */
export type PriceBasis = 'ladder' | 'variant' | 'variants' | 'headline' | 'unknown'

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
  /** The chosen variant; `null` if none was asked for, or not exactly one matches. */
  variant: Sku | null
}

/** What a buyer wants of an offer. */
export interface Wanted {
  /** Units, at least 1; `null` for the smallest order the seller accepts. */
  quantity: number | null
  /** The name of a variant, or a part of it that no other has; `null` for any. */
  variant: string | null
}

/** Quotes an offer. Variants that are out of stock never make a price. */
export function quoteOffer(details: OfferDetails, { quantity: wanted, variant: name }: Wanted): Quote {
  const variant = name === null ? null : findVariant(details.skus, name)
  const minimum = minimumOrder(details)
  const { lotSize } = details
  const needed = Math.max(wanted ?? 1, minimum ?? 1)
  const orderQuantity = lotSize === null ? needed : Math.ceil(needed / lotSize) * lotSize
  // The prices of other variants would be those of something else.
  const isMissing = name !== null && variant === null && details.skus.length > 0
  const { price, basis } = isMissing ? NO_PRICE : priceAt(details, orderQuantity, variant)
  const unitPrice = price && rangeOf(price)
  const times = BigInt(orderQuantity)
  return {
    orderQuantity,
    meetsMoq: minimum === null ? null : wanted === null || wanted >= minimum,
    meetsLot: lotSize === null ? null : wanted === null || wanted % lotSize === 0,
    unitPrice,
    basis: unitPrice === null ? 'unknown' : basis,
    total: unitPrice && { low: unitPrice.low * times, high: unitPrice.high * times },
    variant,
  }
}

/** In units; `null` if unknown. A ladder starts at the minimum order even if the listing does not state it. */
export function minimumOrder({ moq, priceTiers }: OfferDetails): number | null {
  return moq ?? priceTiers[0]?.minQuantity ?? null
}

/** Variants that can be bought, as far as is known. */
export function variantsInStock({ skus }: Pick<OfferDetails, 'skus'>): Sku[] {
  return skus.filter(({ stock }) => stock !== 0)
}

/**
 * The variant with this name or ID, or the only one whose name contains it, ignoring case and blanks; `null` if none or
 * several match.
 */
function findVariant(skus: readonly Sku[], name: string): Sku | null {
  const wanted = asKey(name)
  const same = skus.filter(sku => asKey(sku.name) === wanted || sku.skuId === name)
  const containing = same.length > 0 ? same : skus.filter(sku => asKey(sku.name).includes(wanted))
  const [only, ...others] = containing
  return only === undefined || others.length > 0 ? null : only
}

function asKey(name: string): string {
  return name.normalize('NFKC').toLowerCase().replaceAll(/\s/g, '')
}

interface PriceAt {
  price: Price | null
  basis: PriceBasis
}

const NO_PRICE: PriceAt = { price: null, basis: 'unknown' }

function priceAt(details: OfferDetails, quantity: number, variant: Sku | null): PriceAt {
  const inStock = variantsInStock(details)
  if (variant?.stock === 0 || (details.skus.length > 0 && inStock.length === 0)) return NO_PRICE
  const step = details.priceTiers.findLast(tier => tier.minQuantity <= quantity)
  if (step) return { price: step.price, basis: 'ladder' }
  if (variant) return variant.price === null ? NO_PRICE : { price: variant.price, basis: 'variant' }
  // A ladder that starts higher does not cover this quantity, and the variants' prices then belong to one of its steps.
  const prices = inStock.map(sku => sku.price).filter(price => price !== null)
  const isWhole = prices.length > 0 && prices.length === inStock.length && details.priceTiers.length === 0
  if (isWhole) return { price: spanPrices(prices), basis: 'variants' }
  return { price: details.price, basis: 'headline' }
}
