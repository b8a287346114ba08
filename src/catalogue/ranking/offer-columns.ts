/** What filters and scores need of each offer, by its number: in columns, so that a scan of many reads little memory. */
import { boundFit, worst } from '../../offers/filters.ts'
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
  /** @param groupFits how each group fits. @returns how an offer fits, as an index of {@link FITS}. */
  judge(groupFits: readonly Fit[], bounds: Bounds): (number: number) => number
}

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
      const groupFit = (number: number) => codes[groups[number] ?? 0] ?? 0
      if (minPrice === undefined && maxPrice === undefined && maxMoq === undefined) return groupFit
      return number => {
        const fit = groupFit(number)
        if (fit === 0) return fit
        const price = boundFit(known(prices[number]), minPrice, maxPrice)
        return Math.min(fit, FITS.indexOf(worst(price, boundFit(known(moqs[number]), undefined, maxMoq))))
      }
    },
  }
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value
}
