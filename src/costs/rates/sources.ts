/** Public sources of exchange rates, neither of which needs a key. */
import { AppError } from '../../errors.ts'
import type { FetchedRate, FetchRate } from './rates.ts'

/** The daily file of the European Central Bank: units of each currency for one euro. */
const ECB_URL = 'https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml'
const FRANKFURTER_URL = 'https://api.frankfurter.dev/v2/rate/'

export interface TextAnswer {
  status: number
  text: string
}

export type FetchText = (url: string, signal: AbortSignal) => Promise<TextAnswer>

export function createEcb(fetchText: FetchText): FetchRate {
  return async (currency, signal) => {
    const { status, text } = await fetchText(ECB_URL, signal)
    const date = /\btime=['"](\d{4}-\d\d-\d\d)['"]/.exec(text)?.[1]
    const ofEuro = new Map([['EUR', 1]])
    for (const [, code = '', rate] of text.matchAll(/\bcurrency=['"]([A-Z]{3})['"]\s+rate=['"](\d+(?:\.\d+)?)['"]/g)) {
      ofEuro.set(code, Number(rate))
    }
    const cny = ofEuro.get('CNY')
    if (status !== 200 || date === undefined || !cny) throw changed('the European Central Bank', status)
    const other = ofEuro.get(currency)
    return other ? { cny: cny / other, date } : null
  }
}

/** Its answer: `{"date":"2026-11-27","base":"USD","quote":"CNY","rate":7.1}`; 404 or 422 for an unknown currency. */
export function createFrankfurter(fetchText: FetchText): FetchRate {
  return async (currency, signal) => {
    const { status, text } = await fetchText(`${FRANKFURTER_URL}${currency}/CNY`, signal)
    if (status === 404 || status === 422) return null
    const found = status === 200 ? readRate(text, currency) : null
    if (found === null) throw changed('Frankfurter', status)
    return found
  }
}

function readRate(text: string, currency: string): FetchedRate | null {
  const answer = parseObject(text)
  const { date, base, quote, rate } = answer
  const isRight = base === currency && quote === 'CNY' && typeof rate === 'number' && rate > 0
  return isRight && typeof date === 'string' && /^\d{4}-\d\d-\d\d$/.test(date) ? { cny: rate, date } : null
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function changed(who: string, status: number): AppError {
  return new AppError({
    code: status === 200 ? 'upstream_changed' : 'upstream_unavailable',
    message: `The exchange rates of ${who} could not be read (${status}).`,
    hint: 'Pass exchange_rate, or try again later.',
    retryable: status !== 200,
  })
}
