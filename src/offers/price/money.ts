/** Exact amounts of money: decimal text in and out, integers in between, so that no sum has rounding errors. */
import { endsOf, type Price } from './price.ts'

/** Kept decimals: prices have at most 8, and the middle of two needs one more. */
const DIGITS = 9
const ONE_CNY = 10n ** BigInt(DIGITS)

/** An amount in billionths of a yuan. */
export type Amount = bigint

/** Equal ends for a single amount. */
export interface AmountRange {
  low: Amount
  high: Amount
}

/** Reads a plain decimal such as `"2.85"`; `null` for any other text. */
export function parseAmount(text: string): Amount | null {
  const [matched, whole = '', fraction = ''] = /^(\d{1,12})(?:\.(\d{1,9}))?$/.exec(text) ?? []
  return matched === undefined ? null : BigInt(whole) * ONE_CNY + BigInt(fraction.padEnd(DIGITS, '0'))
}

/** At least two decimal places, without further trailing zeros: `"57.00"`, `"0.125"`. */
export function formatAmount(amount: Amount): string {
  const fraction = String(amount % ONE_CNY).padStart(DIGITS, '0')
  return `${amount / ONE_CNY}.${fraction.slice(0, 2)}${fraction.slice(2).replace(/0+$/, '')}`
}

/** `"57.00"`, or `"57.60-513.00"` for a range. */
export function formatRange({ low, high }: AmountRange): string {
  return low === high ? formatAmount(low) : `${formatAmount(low)}-${formatAmount(high)}`
}

/** A seller's price as exact amounts; `null` if it cannot be parsed. */
export function rangeOf(price: Price): AmountRange | null {
  const [low = null, high = null] = endsOf(price).map(parseAmount)
  return low === null || high === null ? null : { low, high }
}

/** `null` without amounts. */
export function medianOf(amounts: readonly Amount[]): Amount | null {
  const sorted = [...amounts].sort(orderAmounts)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2n
}

/** Ascending. */
export function orderAmounts(a: Amount, b: Amount): number {
  return a < b ? -1 : a > b ? 1 : 0
}
