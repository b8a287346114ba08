/** Which offers of a block are screened: their vectors are read in whole only where the first components may suffice. */
import { FITS, UNSEEN } from './offer-columns.ts'

export const FIT = FITS.indexOf('fits')
export const MISSES = FITS.indexOf('misses')

/** What a list that is not full asks of a score. */
export const NOTHING_YET = Number.NEGATIVE_INFINITY

/** What the fuller of two lists asks; both if both are full. */
export function lowest(a: number, b: number): number {
  if (a === NOTHING_YET) return b
  return b === NOTHING_YET ? a : Math.min(a, b)
}

/** What rounding a score may add to it, and more. */
export const ROUNDING = 1e-6

/**
 * Divides the offers of a block that may be ranked into those that are screened first, and the others: where the list
 * that they belong to is not full, or another of their pictures is near enough.
 * @param asked of a score, by how an offer fits; without it, nothing is screened.
 */
export function divide(
  fits: Uint8Array,
  start: number,
  [, askedOfUnknown = NOTHING_YET, askedOfFits = NOTHING_YET]: readonly number[],
  furtherBest: Float64Array | null,
  toScreen: Uint32Array,
  unscreened: Uint32Array,
) {
  let [known, fitting, screened, others] = [0, 0, 0, 0]
  for (let i = 0; i < fits.length; i++) {
    const fit = fits[i] ?? MISSES
    if (fit === MISSES) continue
    known++
    if (fit === FIT || fit === FIT + UNSEEN) fitting++
    if (fit >= UNSEEN) continue
    const number = start + i
    const least = fit === FIT ? askedOfFits : askedOfUnknown
    if (least === NOTHING_YET || (furtherBest !== null && (furtherBest[number] ?? -1) > least))
      unscreened[others++] = number
    else toScreen[screened++] = number
  }
  return { known, fitting, screened, others }
}
