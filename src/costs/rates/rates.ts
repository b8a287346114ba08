/** Exchange rates from a public source or the user's own list: kept for a day, and an old one says so. */
import { AppError, asAppError } from '../../errors.ts'
import { MILLION, toMillionths } from '../../offers/price/decimal.ts'
import { quoted } from '../../offers/text.ts'
import { judgeRate } from '../exchange.ts'

const DAY_MS = 86_400_000
/** Banks close for Christmas and the Chinese new year; after that, a rate is old. */
const STALE_DAYS = 7
/** An older rate is no longer shown when the source cannot be reached. */
const KEPT_DAYS = 30

/** Off, a public source, or CNY for one unit of each currency. */
export type RatesSpec = 'off' | 'ecb' | 'frankfurter' | Readonly<Record<string, number>>

export interface KnownRate {
  /** CNY for one unit, in millionths. */
  value: bigint
  from: 'ecb' | 'frankfurter' | 'MCP1688_FX'
  /** `2026-11-27`; `null` for the user's own. */
  date: string | null
  isStale: boolean
}

export interface ExchangeRates {
  /** @returns `null` where no source is set. @throws AppError if the source fails or does not have the currency. */
  find(currency: string, signal: AbortSignal): Promise<KnownRate | null>
}

/** Of one day. */
export interface FetchedRate {
  /** CNY for one unit. */
  cny: number
  date: string
}

/** @returns `null` if the source does not have the currency. */
export type FetchRate = (currency: string, signal: AbortSignal) => Promise<FetchedRate | null>

export interface KeptRate extends FetchedRate {
  /** Milliseconds since 1970. */
  fetchedAt: number
}

/** Rates that outlive the process. Neither method rejects. */
export interface KeptRates {
  read(source: 'ecb' | 'frankfurter'): Promise<Readonly<Record<string, KeptRate | undefined>>>
  write(source: 'ecb' | 'frankfurter', currency: string, rate: KeptRate): Promise<void>
}

export interface RatesDeps {
  now: () => number
  /** Default: none. */
  kept?: KeptRates
  sources: Readonly<Record<'ecb' | 'frankfurter', FetchRate>>
}

/** @throws AppError `config_invalid` for a rate of the user's that cannot be meant. */
export function createExchangeRates(spec: RatesSpec, deps: RatesDeps): ExchangeRates {
  if (spec === 'off') return { find: async () => null }
  if (typeof spec === 'string') return createFetchedRates(spec, deps)
  for (const [currency, cny] of Object.entries(spec)) checkOwn(currency, cny)
  return {
    find: async currency => {
      const cny = Object.hasOwn(spec, currency) ? spec[currency] : undefined
      if (cny === undefined) throw notThere(currency, 'MCP1688_FX')
      return { value: toMillionths(cny), from: 'MCP1688_FX', date: null, isStale: false }
    },
  }
}

function createFetchedRates(from: 'ecb' | 'frankfurter', { now, sources, kept: store }: RatesDeps): ExchangeRates {
  const known = new Map<string, KeptRate>()
  /** What another process or an earlier run fetched; a date in the future is not believed. */
  const keptOf = async (currency: string): Promise<KeptRate | undefined> => {
    const own = known.get(currency)
    if (own && now() - own.fetchedAt < DAY_MS) return own
    const stored = (await store?.read(from))?.[currency]
    const isSound = stored && stored.fetchedAt <= now() && isPlausible(currency, stored.cny)
    return isSound && stored.fetchedAt > (own?.fetchedAt ?? 0) ? stored : own
  }
  const fetchRate = async (currency: string, signal: AbortSignal): Promise<FetchedRate> => {
    const found = await sources[from](currency, signal)
    if (found === null) throw notThere(currency, from)
    if (!isPlausible(currency, found.cny)) throw implausible(currency, from)
    const rate = { ...found, fetchedAt: now() }
    known.set(currency, rate)
    await store?.write(from, currency, rate)
    return found
  }
  return {
    async find(currency, signal) {
      const kept = await keptOf(currency)
      const isFresh = kept !== undefined && now() - kept.fetchedAt < DAY_MS
      const rate = isFresh ? kept : await fetchRate(currency, signal).catch(thrown => keptInstead(thrown, kept, now()))
      const isStale = now() - Date.parse(rate.date) > STALE_DAYS * DAY_MS
      return { value: toMillionths(rate.cny), from, date: rate.date, isStale }
    },
  }
}

function isPlausible(currency: string, cny: number): boolean {
  return ['plausible', 'unknown currency'].includes(judgeRate(currency, cny))
}

function keptInstead(thrown: unknown, kept: FetchedRate | undefined, now: number): FetchedRate {
  const isUsable = kept !== undefined && now - Date.parse(kept.date) < KEPT_DAYS * DAY_MS
  if (isUsable && asAppError(thrown).code !== 'cancelled') return kept
  throw thrown
}

function checkOwn(currency: string, cny: number): void {
  const verdict = judgeRate(currency, cny)
  if (verdict === 'plausible' || (verdict === 'unknown currency' && toMillionths(cny) < MILLION * MILLION)) return
  throw new AppError({
    code: 'config_invalid',
    message: `MCP1688_FX: ${cny} cannot be CNY for one ${currency}.`,
    hint: verdict === 'inverse' ? `Write how many CNY one ${currency} costs, not the reverse.` : 'Check the rate.',
  })
}

function notThere(currency: string, from: string): AppError {
  return new AppError({
    code: 'not_found',
    message: `${from} has no exchange rate for ${quoted(currency)}.`,
    hint: `Pass exchange_rate: how many CNY one ${currency} costs.`,
  })
}

function implausible(currency: string, from: string): AppError {
  return new AppError({
    code: 'upstream_changed',
    message: `The exchange rate of ${from} for ${currency} is implausible, so it is not used.`,
    hint: `Pass exchange_rate: how many CNY one ${currency} costs.`,
  })
}
