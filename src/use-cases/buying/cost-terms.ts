/** The user's rates, from the arguments of the call or else from settings, checked and in CNY. */
import { judgeRate, usualRate } from '../../costs/exchange.ts'
import type { CostTerms } from '../../costs/landed-cost.ts'
import { gramsOf, mm3Of, type UnitSize } from '../../costs/shipment.ts'
import { type AppError, invalidInput } from '../../errors.ts'
import { divideHalfUp, toCny, toFen, toMillionths } from '../../offers/price/decimal.ts'
import type { Fen, Figure, FigureOrigin, OtherCurrency } from '../../offers/results/landed-cost-result.ts'
import { quoted } from '../../offers/text.ts'

/** What a user can say once for all orders. Freight and fees are in `currency`, or else in CNY. */
export interface CostRates {
  currency?: string | undefined
  /** CNY for one unit of `currency`. */
  exchangeRate?: number | undefined
  freightPerKg?: number | undefined
  freightPerCbm?: number | undefined
  /** cm³ that count as one kilogram. */
  volumetricDivisor?: number | undefined
  /** Percent. */
  dutyRate?: number | undefined
  dutyBasis?: 'cif' | 'fob' | undefined
  /** Percent. */
  vatRate?: number | undefined
  /** For the whole order. */
  fees?: number | undefined
}

/** What belongs to this order alone. */
export interface CostArguments extends CostRates {
  /** CNY, for the whole order of each offer. */
  domesticFreight?: number | undefined
  unitWeightKg?: number | undefined
  /** Cubic metres. */
  unitCbm?: number | undefined
}

export interface ResolvedTerms {
  terms: CostTerms
  currency: OtherCurrency | null
  domesticFreight: Figure<Fen> | null
  /** Instead of what the listing says of a unit. */
  unit: Partial<UnitSize>
}

/** Rates of a public source, by currency. */
export type FoundRates = ReadonlyMap<string, OtherCurrency>

/** The currencies whose rate neither the call nor the settings name. */
export function currenciesWithoutRate(given: CostRates, settings: CostRates): string[] {
  const codes = [given.currency, settings.currency].filter(code => code !== undefined).map(code => code.toUpperCase())
  return [...new Set(codes)].filter(code => {
    const isGiven = given.exchangeRate !== undefined && code === (given.currency ?? settings.currency)?.toUpperCase()
    const isSet = settings.exchangeRate !== undefined && code === settings.currency?.toUpperCase()
    return code !== 'CNY' && /^[A-Z]{3}$/.test(code) && !isGiven && !isSet
  })
}

/** @throws AppError `invalid_input` for a rate that cannot be meant. */
export function resolveTerms(
  given: CostArguments,
  settings: CostRates,
  origin: FigureOrigin,
  found: FoundRates = new Map(),
): ResolvedTerms {
  const pick = <T>(argument: T | undefined, setting: T | undefined): Figure<T> | null => {
    if (argument !== undefined) return { value: argument, origin: 'argument' }
    return setting === undefined ? null : { value: setting, origin }
  }
  const currency = currencyOf(given, settings, origin, found)
  const inCny = (figure: Figure<number> | null): Figure<bigint> | null => {
    const own = map(figure, toMillionths)
    // Settings are in the currency of the settings, which the call may not have named.
    const rate = figure?.origin === 'argument' ? currency : currencyOf({}, settings, origin, found)
    return rate === null ? own : map(own, value => toCny(value, rate.rate.value))
  }
  const vatRate = pick<number>(given.vatRate, settings.vatRate)
  if (vatRate && vatRate.value > 0 && vatRate.value < 1) throw notPercent(vatRate.value)
  return {
    terms: {
      freightPerKg: inCny(pick<number>(given.freightPerKg, settings.freightPerKg)),
      freightPerCbm: inCny(pick<number>(given.freightPerCbm, settings.freightPerCbm)),
      volumetricDivisor: map(pick<number>(given.volumetricDivisor, settings.volumetricDivisor), value =>
        BigInt(Math.round(value)),
      ),
      dutyRate: map(pick<number>(given.dutyRate, settings.dutyRate), fromPercent),
      dutyBasis: pick(given.dutyBasis, settings.dutyBasis)?.value ?? 'cif',
      vatRate: map(vatRate, fromPercent),
      fees: map(inCny(pick<number>(given.fees, settings.fees)), value => divideHalfUp(value, 10_000n)),
    },
    currency,
    domesticFreight: given.domesticFreight === undefined ? null : argumentOf(toFen(given.domesticFreight)),
    unit: {
      ...(given.unitWeightKg === undefined ? {} : { weightG: argumentOf(gramsOf(given.unitWeightKg)) }),
      ...(given.unitCbm === undefined ? {} : { volumeMm3: argumentOf(mm3Of(given.unitCbm)) }),
    },
  }
}

/** The rate of the settings counts for the currency of the settings alone. */
function currencyOf(
  given: CostRates,
  settings: CostRates,
  origin: FigureOrigin,
  found: FoundRates,
): OtherCurrency | null {
  const code = (given.currency ?? settings.currency ?? 'CNY').toUpperCase()
  if (!/^[A-Z]{3}$/.test(code)) throw notCurrency(code)
  if (code === 'CNY') return null
  const ofSettings = settings.currency?.toUpperCase() === code ? settings.exchangeRate : undefined
  const value = given.exchangeRate ?? ofSettings
  if (value === undefined) return found.get(code) ?? fail(noRate(code))
  checkRate(code, value)
  const rate = { value: toMillionths(value), origin: given.exchangeRate === undefined ? origin : ('argument' as const) }
  return { code, rate, date: null, isStale: false }
}

function checkRate(code: string, rate: number): void {
  const verdict = judgeRate(code, rate)
  if (verdict === 'plausible' || verdict === 'unknown currency') return
  const usual = usualRate(code)
  throw invalidInput(
    verdict === 'inverse'
      ? `exchange_rate ${rate} is ${code} for one CNY; CNY for one ${code} is expected.`
      : `exchange_rate ${rate} cannot be CNY for one ${code}.`,
    `Pass how many CNY one ${code} costs, which is about ${usual}.`,
  )
}

function fail(error: AppError): never {
  throw error
}

function notCurrency(code: string): AppError {
  return invalidInput(`${quoted(code)} is not a currency.`, 'Pass its three letters, for example USD.')
}

function noRate(code: string): AppError {
  return invalidInput(
    `The exchange rate for ${code} is missing.`,
    `Pass exchange_rate: how many CNY one ${code} costs.`,
  )
}

function notPercent(value: number): AppError {
  return invalidInput(`vat_rate ${value} would be ${value} %, which no country has.`, 'Pass percent: 20 for 20 %.')
}

function argumentOf<T>(value: T): Figure<T> {
  return { value, origin: 'argument' }
}

function map<A, B>(figure: Figure<A> | null, change: (value: A) => B): Figure<B> | null {
  return figure && { value: change(figure.value), origin: figure.origin }
}

function fromPercent(percent: number): bigint {
  return divideHalfUp(toMillionths(percent), 100n)
}
