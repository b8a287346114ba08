/** Weight and volume of an order, in whole grams and cubic millimetres. */
import type { Packaging } from '../offers/offer.ts'
import type { Figure, Shipment } from '../offers/results/landed-cost-result.ts'

export interface UnitSize {
  /** Of one unit as shipped. */
  weightG: Figure<bigint> | null
  volumeMm3: Figure<bigint> | null
  basis: Packaging['basis']
}

/** What the listing says of one unit. */
export function sizeOfListing(packaging: Packaging | null): UnitSize {
  const weightKg = packaging?.weightKg ?? null
  const sizeCm = packaging?.sizeCm ?? null
  const volume = sizeCm?.reduce((product, edge) => product * BigInt(Math.round(edge * 10)), 1n) ?? 0n
  return {
    weightG: weightKg === null || !(weightKg > 0) ? null : { value: gramsOf(weightKg), origin: 'listing' },
    volumeMm3: volume > 0n ? { value: volume, origin: 'listing' } : null,
    basis: packaging?.basis ?? null,
  }
}

/** At least one gram: nothing weighs less than nothing. */
export function gramsOf(kilograms: number): bigint {
  const grams = BigInt(Math.round(kilograms * 1000))
  return grams > 0n ? grams : 1n
}

/** @param cbm cubic metres. */
export function mm3Of(cbm: number): bigint {
  return BigInt(Math.round(cbm * 1e9))
}

/**
 * The chargeable weight is the larger of the actual one and the volume divided by the divisor (cm³ for one kg). With a
 * divisor and only one of the two known, it is not known which is larger.
 */
export function shipmentOf(unit: UnitSize, quantity: number, divisor: bigint | null): Shipment {
  const count = BigInt(quantity)
  const actualG = unit.weightG && unit.weightG.value * count
  const volumeMm3 = unit.volumeMm3 && unit.volumeMm3.value * count
  // mm³ by cm³/kg are grams; a started gram counts.
  const volumetricG = volumeMm3 === null || divisor === null ? null : (volumeMm3 + divisor - 1n) / divisor
  return {
    actualG,
    volumetricG,
    chargeableG: chargeable(actualG, volumetricG, divisor !== null),
    volumeMm3,
    weightOrigin: unit.weightG?.origin ?? 'listing',
    sizeOrigin: unit.volumeMm3?.origin ?? 'listing',
    basis: unit.basis,
  }
}

function chargeable(actualG: bigint | null, volumetricG: bigint | null, needsBoth: boolean): bigint | null {
  if (actualG === null) return null
  if (volumetricG === null) return needsBoth ? null : actualG
  return volumetricG > actualG ? volumetricG : actualG
}
