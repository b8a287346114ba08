/**
 * What an order costs where it arrives. A part that is unknown stays unknown: there is no total then, but a subtotal
 * that says what it lacks.
 */

import { addRanges, divideHalfUp, formatMillionths, MILLION, mapRange } from '../offers/price/decimal.ts'
import type { Quote } from '../offers/quote.ts'
import type {
  CostPart,
  CostPartName,
  Fen,
  FenRange,
  Figure,
  FigureOrigin,
  LandedCost,
  Shipment,
} from '../offers/results/landed-cost-result.ts'
import { shipmentOf, type UnitSize } from './shipment.ts'

/** The user's rates, all in CNY. `null` is unknown. */
export interface CostTerms {
  /** Millionths of a yuan for a kilogram. */
  freightPerKg: Figure<bigint> | null
  /** Millionths of a yuan for a cubic metre. */
  freightPerCbm: Figure<bigint> | null
  /** cm³ that count as one kilogram; `null` if only the actual weight counts. */
  volumetricDivisor: Figure<bigint> | null
  /** Millionths of the customs value. */
  dutyRate: Figure<bigint> | null
  /** Whether international freight belongs to the customs value. */
  dutyBasis: 'cif' | 'fob'
  vatRate: Figure<bigint> | null
  /** `null` if there are none: nobody else could know them. */
  fees: Figure<Fen> | null
}

export interface CostInput {
  quote: Quote
  unit: UnitSize
  /** Of the whole order. */
  domesticFreight: Figure<Fen> | null
  terms: CostTerms
}

/** Billionths of a yuan (offers/price/money.ts) in a fen. */
const AMOUNTS_PER_FEN = 10_000_000n
const GRAMS_PER_KG = 1000n
const MM3_PER_CBM = 1_000_000_000n

export function landedCostOf({ quote, unit, domesticFreight, terms }: CostInput): LandedCost {
  const shipment = shipmentOf(unit, quote.orderQuantity, terms.volumetricDivisor?.value ?? null)
  const goods = goodsOf(quote)
  const domestic = domesticOf(domesticFreight)
  const international = internationalOf(shipment, terms)
  const duty = dutyOf([goods, domestic, international], terms)
  const vat = vatOf([goods, domestic, international, duty], terms.vatRate)
  const parts = [goods, domestic, international, duty, vat, ...feesOf(terms.fees)]
  const known = parts.map(({ amount }) => amount).filter(amount => amount !== null)
  const without = parts.filter(({ amount }) => amount === null).map(({ name }) => name)
  const sum = addRanges(known)
  const isGoodsKnown = goods.amount !== null
  return {
    quantity: quote.orderQuantity,
    parts,
    shipment,
    total: without.length === 0 ? sum : null,
    subtotal: without.length > 0 && isGoodsKnown ? sum : null,
    without,
  }
}

function goodsOf({ total, orderQuantity }: Quote): CostPart {
  if (total === null) return unknown('goods', 'listing', 'the listing has no price for this quantity')
  const amount = {
    low: divideHalfUp(total.low, AMOUNTS_PER_FEN),
    high: divideHalfUp(total.high, AMOUNTS_PER_FEN),
  }
  return part('goods', amount, 'listing', `unit price x ${orderQuantity}`)
}

function domesticOf(freight: Figure<Fen> | null): CostPart {
  if (freight === null)
    return unknown('domestic freight', 'argument', 'neither domestic_freight nor an estimate for warehouse is known')
  return part('domestic freight', single(freight.value), freight.origin, 'for the whole order')
}

/** By weight, by volume, or the larger of both. */
function internationalOf(shipment: Shipment, { freightPerKg, freightPerCbm }: CostTerms): CostPart {
  const name = 'international freight'
  if (freightPerKg === null && freightPerCbm === null) {
    return unknown(name, 'argument', 'neither freight_per_kg nor freight_per_cbm is given')
  }
  const { chargeableG, volumeMm3 } = shipment
  const candidates: { fen: Fen; how: string; origin: FigureOrigin }[] = []
  if (freightPerKg) {
    if (chargeableG === null) return unknown(name, 'listing', missingWeight(shipment))
    const fen = divideHalfUp(chargeableG * freightPerKg.value, GRAMS_PER_KG * 10_000n)
    const weight = formatMillionths(chargeableG * 1000n)
    candidates.push({ fen, how: `${weight} kg chargeable x ${yuan(freightPerKg)}`, origin: freightPerKg.origin })
  }
  if (freightPerCbm) {
    if (volumeMm3 === null) return unknown(name, 'listing', 'the size of a unit is unknown')
    const fen = divideHalfUp(volumeMm3 * freightPerCbm.value, MM3_PER_CBM * 10_000n)
    const volume = formatMillionths(divideHalfUp(volumeMm3, 1000n))
    candidates.push({ fen, how: `${volume} m3 x ${yuan(freightPerCbm)}`, origin: freightPerCbm.origin })
  }
  const larger = candidates.reduce((a, b) => (b.fen > a.fen ? b : a))
  const how = candidates.length > 1 ? `the larger of ${candidates.map(each => each.how).join(' and ')}` : larger.how
  return part(name, single(larger.fen), larger.origin, how)
}

function missingWeight({ actualG }: Shipment): string {
  return actualG === null
    ? 'the weight of a unit is unknown'
    : 'the size of a unit is unknown, so its volumetric weight is, too'
}

function dutyOf([goods, domestic, international]: readonly CostPart[], { dutyRate, dutyBasis }: CostTerms): CostPart {
  if (dutyRate === null) return unknown('duty', 'argument', 'duty_rate is not given')
  const base = dutyBasis === 'fob' ? [goods, domestic] : [goods, domestic, international]
  return share('duty', base, dutyRate)
}

function vatOf(base: readonly CostPart[], rate: Figure<bigint> | null): CostPart {
  return rate === null ? unknown('VAT', 'argument', 'vat_rate is not given') : share('VAT', base, rate)
}

/** A rate on the sum of other parts. Nothing of anything is nothing, even of something unknown. */
function share(name: CostPartName, base: readonly (CostPart | undefined)[], rate: Figure<bigint>): CostPart {
  const parts = base.filter(each => each !== undefined)
  const how = `${formatMillionths(rate.value * 100n)} % of ${parts.map(each => each.name).join(' + ')}`
  if (rate.value === 0n) return part(name, single(0n), rate.origin, how)
  const missing = parts.filter(({ amount }) => amount === null)
  if (missing.length > 0)
    return unknown(name, rate.origin, `${how}; unknown: ${missing.map(each => each.name).join(', ')}`)
  const sum = addRanges(parts.map(({ amount }) => amount).filter(amount => amount !== null))
  return part(
    name,
    mapRange(sum, fen => divideHalfUp(fen * rate.value, MILLION)),
    rate.origin,
    how,
  )
}

/** No part where none are given: there may be none, so a total does not wait for them, but it counts none either. */
function feesOf(fees: Figure<Fen> | null): CostPart[] {
  return fees === null ? [] : [part('fees', single(fees.value), fees.origin, 'for the whole order')]
}

function yuan({ value }: Figure<bigint>): string {
  return `${formatMillionths(value)} CNY`
}

function single(fen: Fen): FenRange {
  return { low: fen, high: fen }
}

function part(name: CostPartName, amount: FenRange, origin: FigureOrigin, how: string): CostPart {
  return { name, amount, origin, how }
}

function unknown(name: CostPartName, origin: FigureOrigin, how: string): CostPart {
  return { name, amount: null, origin, how }
}
