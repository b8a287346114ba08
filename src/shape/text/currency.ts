/** The currency beside CNY. */
import * as z from 'zod'
import { divideHalfUp, formatFenRange, formatMillionths, fromFen } from '../../offers/price/decimal.ts'
import type { AmountRange } from '../../offers/price/money.ts'
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

/** `1 USD = 7.1 CNY (ecb, 2026-11-27)`. */
export function currencyText({ code, cny, from, date, stale }: CurrencyValue): string {
  return `1 ${code} = ${cny} CNY (${from}${date === undefined ? '' : `, ${date}${stale ? ', more than a week old' : ''}`})`
}
