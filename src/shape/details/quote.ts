/** What a wanted quantity or variant of one offer costs. */
import * as z from 'zod'
import type { OfferDetails } from '../../offers/offer.ts'
import { formatRange } from '../../offers/price/money.ts'
import { quoteOffer, type Wanted } from '../../offers/quote.ts'
import type { OtherCurrency } from '../../offers/results/landed-cost-result.ts'
import { quoted } from '../../offers/text.ts'
import { formatIn, formatPriceIn } from '../text/currency.ts'
import { omitUnknown } from '../text/values.ts'
import { PRICE_BASES } from '../text/words/price-basis.ts'

export const quoteSchema = z.object({
  variant: z.string().optional(),
  order_quantity: z.int(),
  /** CNY. */
  unit_price: z.string().optional(),
  price_basis: z.enum(['ladder', 'variant', 'variants', 'headline', 'unknown']),
  /** CNY, without freight. */
  order_total: z.string().optional(),
  /** In the other currency. */
  unit_other: z.string().optional(),
  total_other: z.string().optional(),
  problem: z.string().optional(),
})

type QuoteValue = z.output<typeof quoteSchema>

export function quoteOf(
  details: OfferDetails,
  wanted: Wanted | null,
  currency: OtherCurrency | undefined,
): QuoteValue | null {
  if (wanted === null || (wanted.quantity === null && wanted.variant === null)) return null
  const quote = quoteOffer(details, wanted)
  return {
    order_quantity: quote.orderQuantity,
    price_basis: quote.basis,
    ...omitUnknown({
      variant: quote.variant?.name,
      unit_price: quote.unitPrice && formatRange(quote.unitPrice),
      order_total: quote.total && formatRange(quote.total),
      unit_other: currency && quote.unitPrice && formatPriceIn(currency, quote.unitPrice),
      total_other: currency && quote.total && formatIn(currency, quote.total),
      problem: problemOf(details, wanted, quote),
    }),
  }
}

/** @param code of the other currency; empty for none. */
export function quoteText({ order_quantity: quantity, ...value }: QuoteValue, code: string): string {
  const which = value.variant === undefined ? '' : ` of ${value.variant}`
  const price =
    value.unit_price === undefined
      ? 'price unknown'
      : `${value.unit_price} CNY each (${PRICE_BASES[value.price_basis]}), ${value.order_total} in total`
  const other = value.unit_other === undefined ? '' : ` (${value.unit_other} and ${value.total_other} ${code})`
  return `quote for ${quantity}${which}: ${price}${other}${value.problem === undefined ? '' : ` (${value.problem})`}`
}

function problemOf(details: OfferDetails, { quantity, variant }: Wanted, quote: ReturnType<typeof quoteOffer>) {
  if (variant !== null && quote.variant === null) {
    return details.skus.length === 0
      ? `no variants are known, so this may not be the price of ${quoted(variant)}`
      : `no single variant matches ${quoted(variant)}: see the names under variants`
  }
  if (quote.variant?.stock === 0) return 'this variant is out of stock'
  if (quote.basis === 'variants' && quote.unitPrice && quote.unitPrice.low !== quote.unitPrice.high) {
    return 'the price spans variants: choose one with the argument variant'
  }
  if (quote.meetsMoq === false) return `${quantity} is below the MOQ, so ${quote.orderQuantity} is priced`
  if (quote.meetsLot === false) return `sold in lots of ${details.lotSize}, so ${quote.orderQuantity} is priced`
  return null
}
