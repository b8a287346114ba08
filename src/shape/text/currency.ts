/** The currency beside CNY. */
import * as z from 'zod'
import { divideHalfUp, formatFenRange, formatMillionths, fromFen, MILLION } from '../../offers/price/decimal.ts'
import { type AmountRange, rangeOf } from '../../offers/price/money.ts'
import type { Price } from '../../offers/price/price.ts'
import type { OtherCurrency } from '../../offers/results/landed-cost-result.ts'
import { omitUnknown } from './values.ts'

export const currencySchema = z.object({
  code: z.string(),
  cny: z.string(),
  from: z.string(),
  date: z.string().optional(),
  stale: z.boolean().optional(),
})

export type CurrencyValue = z.output<typeof currencySchema>

export function shapeCurrency({ code, rate, date, isStale }: OtherCurrency): CurrencyValue {
  return {
    code,
    cny: formatMillionths(rate.value),
    from: rate.origin,
    ...omitUnknown({ date, stale: isStale || null }),
  }
}

/** Billionths of a yuan in a fen. */
const AMOUNTS_PER_FEN = 10_000_000n

/** An amount of CNY in that currency, rounded to its hundredths: `"241.69"`. */
export function formatIn({ rate }: OtherCurrency, { low, high }: AmountRange): string {
  const converted = (amount: bigint) => fromFen(divideHalfUp(amount, AMOUNTS_PER_FEN), rate.value)
  return formatFenRange({ low: converted(low), high: converted(high) })
}

/** The lowest price with two decimals only, in billionths of its currency. */
const TWO_DECIMALS_FROM = 100_000_000n
const FOUR_DECIMALS = 100_000n

/** A unit price in that currency; with four decimals if it is below 0.1. */
export function formatPriceIn(currency: OtherCurrency, price: AmountRange): string {
  const inBillionths = (amount: bigint) => divideHalfUp(amount * MILLION, currency.rate.value)
  const low = inBillionths(price.low)
  if (low >= TWO_DECIMALS_FROM || low === 0n) return formatIn(currency, price)
  const fourDecimals = (amount: bigint) => {
    const value = divideHalfUp(inBillionths(amount), FOUR_DECIMALS)
    return `${value / 10_000n}.${String(value % 10_000n).padStart(4, '0')}`
  }
  const [lowest, highest] = [fourDecimals(price.low), fourDecimals(price.high)]
  return lowest === highest ? lowest : `${lowest}-${highest}`
}

/** A line on the rate, where there is one. */
export function currencyLines(currency: CurrencyValue | undefined): string[] {
  return currency === undefined ? [] : [currencyText(currency)]
}

/** A listing's price in that currency; `null` if either is unknown. */
export function priceIn(currency: OtherCurrency | undefined, price: Price | null): string | null {
  const range = currency && price && rangeOf(price)
  return currency && range ? formatPriceIn(currency, range) : null
}

/** For a list of offers, where the whole range would take too many tokens: `"0.41"`, or `"0.41+"` for `0.41-3.61`. */
export function lowestPriceIn(currency: OtherCurrency | undefined, price: AmountRange | null): string | null {
  if (currency === undefined || price === null) return null
  const lowest = formatPriceIn(currency, { low: price.low, high: price.low })
  return price.low === price.high ? lowest : `${lowest}+`
}

/** `1 USD = 7.1 CNY (ecb, 2026-11-27)`. */
export function currencyText({ code, cny, from, date, stale }: CurrencyValue): string {
  return `1 ${code} = ${cny} CNY (${from}${date === undefined ? '' : `, ${date}${stale ? ', more than a week old' : ''}`})`
}
