/** What filters and scores need of each offer, by its number: in columns, so that a scan of many reads little memory. */
import type { Fit } from '../../offers/place/place.ts'

/** In the order of {@link worst}. */
export const FITS: readonly Fit[] = ['misses', 'unknown', 'fits']

export interface OfferColumn {
  group: number
  priceMin: number | null
  moq: number | null
  /** One over the length of its first vector; `null` if it has none. */
  inverseLength: number | null
}

export interface Bounds {
  /** For the lowest price. */
  minPrice: number | undefined
  maxPrice: number | undefined
  maxMoq: number | undefined
}

export interface OfferColumns {
  set(number: number, offer: OfferColumn): void
  /** -1 if it has no vector. */
  inverseLength(number: number): number
  /** @param groupFits how each group fits. */
  judge(groupFits: readonly Fit[], bounds: Bounds): FitsOf
}

/** Writes how each of the offers from number `start` on fits, as an index of {@link FITS}, {@link UNSEEN} added. */
export type FitsOf = (start: number, fits: Uint8Array) => void

/** Marks an offer that fits, or may fit, but has no vector. */
export const UNSEEN = 4

const FIRST_CAPACITY = 1024
const NO_VECTOR = -1

export function createOfferColumns(): OfferColumns {
  let groups = new Uint32Array(FIRST_CAPACITY)
  let prices = new Float64Array(FIRST_CAPACITY)
  let moqs = new Float64Array(FIRST_CAPACITY)
  let inverseLengths = new Float64Array(FIRST_CAPACITY)

  const reserve = (count: number): void => {
    if (count <= groups.length) return
    const capacity = Math.max(count, 2 * groups.length)
    const longer = (column: Float64Array) => {
      const copy = new Float64Array(capacity)
      copy.set(column)
      return copy
    }
    const longerGroups = new Uint32Array(capacity)
    longerGroups.set(groups)
    groups = longerGroups
    prices = longer(prices)
    moqs = longer(moqs)
    inverseLengths = longer(inverseLengths)
  }
  return {
    set(number, { group, priceMin, moq, inverseLength }) {
      reserve(number + 1)
      groups[number] = group
      prices[number] = priceMin ?? Number.NaN
      moqs[number] = moq ?? Number.NaN
      inverseLengths[number] = inverseLength ?? NO_VECTOR
    },
    inverseLength: number => inverseLengths[number] ?? NO_VECTOR,
    judge(groupFits, { minPrice, maxPrice, maxMoq }) {
      const codes = Uint8Array.from(groupFits, fit => FITS.indexOf(fit))
      const boundsPrice = minPrice !== undefined || maxPrice !== undefined
      const [lowest, highest] = [minPrice ?? Number.NEGATIVE_INFINITY, maxPrice ?? Number.POSITIVE_INFINITY]
      return (start, fits) => {
        const [groupOf, lengths] = [groups, inverseLengths]
        for (let i = 0; i < fits.length; i++) {
          const number = start + i
          let fit = codes[groupOf[number] ?? 0] ?? 0
          if (fit !== 0 && boundsPrice) fit = Math.min(fit, codeWithin(prices[number] ?? Number.NaN, lowest, highest))
          if (fit !== 0 && maxMoq !== undefined) fit = Math.min(fit, codeWithin(moqs[number] ?? Number.NaN, 0, maxMoq))
          fits[i] = fit !== 0 && lengths[number] === NO_VECTOR ? fit + UNSEEN : fit
        }
      }
    },
  }
}

/** What {@link boundFit} in offers/filters.ts says, as an index of {@link FITS}, without a call for each offer. */
function codeWithin(value: number, lowest: number, highest: number): number {
  if (Number.isNaN(value)) return 1
  return value < lowest || value > highest ? 0 : 2
}
