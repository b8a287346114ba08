import { asAppError, invalidInput, throwIfAborted } from '../../errors.ts'
import { MILLION } from '../../offers/price/decimal.ts'
import { quoted } from '../../offers/text.ts'
import { fxSpec } from '../../option-values.ts'

/** `USD=7.1,EUR=7.8`: CNY for one unit. @throws AppError `invalid_input`. */
export function parseRates(text: string): Record<string, number> {
  const parsed = fxSpec.safeParse(text)
  if (parsed.success && typeof parsed.data !== 'string') return parsed.data
  throw invalidInput(`${quoted(text)} is not a rate.`, 'Write CNY for one unit, for example USD=7.1,EUR=7.8.')
}

/** What turns prices of a currency into CNY. */
export interface UsedRate {
  currency: string
  /** CNY for one unit. */
  cny: number
  /** Who says so: a public source, the configuration or the call. */
  from: string
  /** `2026-11-27`; `null` for the user's own. */
  date: string | null
}

export type FindRate = (currency: string) => Promise<UsedRate | null>

/** Rejects if a rate cannot be found. */
export interface RateSource {
  find(currency: string, signal: AbortSignal): Promise<(Omit<UsedRate, 'currency' | 'cny'> & { value: bigint }) | null>
}

/** Looks each currency up once. Without a rate, a price is kept as quoted, so a failure is none of the import. */
export function createFindRate(
  given: Readonly<Record<string, number>>,
  source: RateSource,
  signal: AbortSignal,
): FindRate {
  const found = new Map<string, Promise<UsedRate | null>>()
  const find: FindRate = async currency => {
    const own = Object.hasOwn(given, currency) ? given[currency] : undefined
    if (own !== undefined) return { currency, cny: own, from: 'your rate', date: null }
    try {
      const rate = await source.find(currency, signal)
      return rate && { currency, cny: Number(rate.value) / Number(MILLION), from: rate.from, date: rate.date }
    } catch (error) {
      throwIfAborted(signal, error)
      if (asAppError(error).code === 'internal') throw error
      return null
    }
  }
  return currency => {
    const known = found.get(currency) ?? find(currency)
    found.set(currency, known)
    return known
  }
}
