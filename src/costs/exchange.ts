/** Exchange rates, always as CNY for one unit of the other currency. */

/**
 * CNY for one unit, by order of magnitude only, to tell a rate from its inverse and from a slip of the pen. Never used
 * to convert.
 */
const ABOUT: Readonly<Record<string, number>> = {
  AED: 1.9,
  AUD: 4.7,
  BRL: 1.3,
  CAD: 5.2,
  CHF: 8.5,
  CZK: 0.32,
  DKK: 1.1,
  EUR: 7.9,
  GBP: 9.3,
  HKD: 0.92,
  HUF: 0.02,
  IDR: 0.00044,
  ILS: 2,
  INR: 0.083,
  JPY: 0.048,
  KRW: 0.0051,
  MXN: 0.38,
  MYR: 1.65,
  NOK: 0.69,
  NZD: 4.2,
  PHP: 0.124,
  PLN: 1.85,
  RON: 1.6,
  RUB: 0.086,
  SAR: 1.9,
  SEK: 0.72,
  SGD: 5.4,
  THB: 0.21,
  TRY: 0.17,
  TWD: 0.23,
  USD: 7.1,
  VND: 0.00028,
  ZAR: 0.4,
}

/** Rates move, but hardly ever by this much. */
const PLAUSIBLE_FACTOR = 2.5

export type RateVerdict = 'plausible' | 'inverse' | 'implausible' | 'unknown currency'

/** @param rate CNY for one unit of `currency`. */
export function judgeRate(currency: string, rate: number): RateVerdict {
  const about = Object.hasOwn(ABOUT, currency) ? ABOUT[currency] : undefined
  if (!(rate > 0) || !Number.isFinite(rate)) return 'implausible'
  if (about === undefined) return 'unknown currency'
  if (isNear(rate, about)) return 'plausible'
  return isNear(1 / rate, about) ? 'inverse' : 'implausible'
}

/** `7.1` for USD; `null` for a currency that is not in the list. */
export function usualRate(currency: string): number | null {
  return Object.hasOwn(ABOUT, currency) ? (ABOUT[currency] ?? null) : null
}

function isNear(value: number, about: number): boolean {
  return value <= about * PLAUSIBLE_FACTOR && value >= about / PLAUSIBLE_FACTOR
}
