/** Decimals as integers, so that no sum has rounding errors. Every rounding is half up, to the unit that is kept. */
import type { Fen, FenRange } from '../results/landed-cost-result.ts'

/** A rate or a price per unit keeps six decimals. */
export const MILLION = 1_000_000n

/** A number that a person wrote, in millionths. @throws RangeError if it is negative or not finite. */
export function toMillionths(value: number): bigint {
  if (!Number.isFinite(value) || value < 0) throw new RangeError('not a number of at least 0')
  const [whole = '0', fraction = ''] = value.toFixed(6).split('.')
  return BigInt(whole) * MILLION + BigInt(fraction)
}

/** @param divisor above 0; `dividend` is at least 0. */
export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  return (2n * dividend + divisor) / (2n * divisor)
}

/** `2.85` is 285. */
export function toFen(cny: number): Fen {
  return divideHalfUp(toMillionths(cny), 10_000n)
}

/** `"57.00"`. */
export function formatFen(fen: Fen): string {
  return `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`
}

/** `"57.00"`, or `"57.60-513.00"` for a range. */
export function formatFenRange({ low, high }: FenRange): string {
  return low === high ? formatFen(low) : `${formatFen(low)}-${formatFen(high)}`
}

/** Without zeros at the end: `"7.1"`, `"0.0475"`. */
export function formatMillionths(value: bigint): string {
  const fraction = String(value % MILLION)
    .padStart(6, '0')
    .replace(/0+$/, '')
  return fraction === '' ? String(value / MILLION) : `${value / MILLION}.${fraction}`
}

export function mapRange({ low, high }: FenRange, map: (fen: Fen) => Fen): FenRange {
  return { low: map(low), high: map(high) }
}

export function addRanges(ranges: readonly FenRange[]): FenRange {
  return ranges.reduce((sum, { low, high }) => ({ low: sum.low + low, high: sum.high + high }), { low: 0n, high: 0n })
}

/** An amount of fen for each of `quantity` units: `"57.45"`, below one with four decimals: `"0.0713"`. */
export function formatPerUnit({ low, high }: FenRange, quantity: number): string {
  const count = BigInt(quantity)
  const each = (fen: Fen): string =>
    fen >= 100n * count
      ? formatFen(divideHalfUp(fen, count))
      : `0.${String(divideHalfUp(fen * 100n, count)).padStart(4, '0')}`
  const [lowest, highest] = [each(low), each(high)]
  return lowest === highest ? lowest : `${lowest}-${highest}`
}

/** @param rate CNY for one unit of the other currency, in millionths, above 0. @returns its hundredths. */
export function fromFen(fen: Fen, rate: bigint): bigint {
  return divideHalfUp(fen * MILLION, rate)
}

/** @param amount in millionths of the other currency. @returns millionths of a yuan. */
export function toCny(amount: bigint, rate: bigint): bigint {
  return divideHalfUp(amount * rate, MILLION)
}
