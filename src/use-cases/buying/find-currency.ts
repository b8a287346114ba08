/** The currency that is shown beside CNY. An answer is not lost for want of a rate. */
import type { ExchangeRates } from '../../costs/rates/rates.ts'
import { asAppError, throwIfAborted } from '../../errors.ts'
import type { FoundCurrency } from '../../offers/results/in-currency.ts'
import type { Remark } from '../../offers/results/results.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'

export interface CurrencyRequest {
  /** Its three letters. Default: that of the configuration, if any. */
  currency?: string | undefined
}

export interface FindCurrencyDeps {
  exchangeRates: ExchangeRates
  defaultCurrency?: string | undefined
}

export function createFindCurrency({ exchangeRates, defaultCurrency }: FindCurrencyDeps) {
  return ({ currency = defaultCurrency }: CurrencyRequest, { signal }: CallOptions): Promise<FoundCurrency> =>
    findCurrency(exchangeRates, currency, signal)
}

export async function findCurrency(
  rates: ExchangeRates,
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<FoundCurrency> {
  const code = wanted?.toUpperCase()
  if (code === undefined || code === 'CNY') return { currency: null, remarks: [] }
  try {
    const found = await rates.find(code, signal)
    if (found === null) return { currency: null, remarks: [noSource(code)] }
    const { value, from, date, isStale } = found
    return { currency: { code, rate: { value, origin: from }, date, isStale }, remarks: [] }
  } catch (thrown) {
    throwIfAborted(signal, thrown)
    const { code: kind, message } = asAppError(thrown)
    if (kind === 'internal') throw thrown
    return { currency: null, remarks: [failed(code, kind, message, 'Prices are in CNY.')] }
  }
}

function noSource(currency: string): Remark {
  const hint = 'Set MCP1688_FX to ecb, frankfurter or your own rates; prices are in CNY.'
  return failed(currency, 'not_granted', 'No source of exchange rates is set.', hint)
}

function failed(
  currency: string,
  code: Extract<Remark, { kind: 'part_failed' }>['code'],
  message: string,
  hint: string,
): Remark {
  return { kind: 'part_failed', part: `exchange rate for ${currency.slice(0, 3)}`, code, message, hint }
}
