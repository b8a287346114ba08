/** The figures of a report: offers by price and by place, and the median. */
import type { RankedOffer } from '../../offers/results/results.ts'
import { placeText } from '../text/values.ts'

/** A histogram has about this many bins: the step is rounded. */
const AIMED_BINS = 8

/** In CNY. High prices that are almost equal would otherwise make millions of bins. */
const NARROWEST_BIN = 0.01

const MAX_PLACES = 8

/** In CNY: `from` is included, `to` is not; `null` has no upper end. */
export interface PriceBin {
  from: number
  to: number | null
  offers: number
}

export interface PlaceCount {
  name: string | null
  kind: 'place' | 'others' | 'unknown'
  offers: number
}

/**
 * Bins of a round width (1, 2 or 5 times a power of ten). Prices far above the rest share a last bin without an upper
 * end; otherwise one offer would squeeze all others into one bar.
 */
export function binPrices(prices: readonly number[]): PriceBin[] {
  const sorted = [...prices].sort((a, b) => a - b)
  const [lowest] = sorted
  const highest = sorted.at(-1)
  if (lowest === undefined || highest === undefined) return []
  const usual = quantile(sorted, 0.9)
  const isSkewed = highest - lowest > 2 * (usual - lowest)
  const end = isSkewed ? usual : highest
  const step = Math.max(NARROWEST_BIN, roundStep((end - lowest) / AIMED_BINS || lowest / AIMED_BINS))
  const first = Math.floor(lowest / step)
  const bins: PriceBin[] = []
  for (let index = first; index * step <= end; index += 1) {
    bins.push({ from: roundTo(index * step), to: roundTo((index + 1) * step), offers: 0 })
  }
  const last = bins.at(-1)
  const rest = last?.to ?? 0
  if (highest >= rest) bins.push({ from: rest, to: null, offers: 0 })
  for (const price of sorted) {
    const bin = bins.find(({ to }) => to === null || price < to)
    if (bin) bin.offers += 1
  }
  return bins
}

/** The same item, or probably so: only its prices tell a buyer what this product costs. */
export function isMatch({ likeness }: Pick<RankedOffer, 'likeness'>): boolean {
  return likeness === 'same item' || likeness === 'probably the same item'
}

/** Offers by city, or by province if only that is known: most offers first, then other and unknown places. */
export function countPlaces(products: readonly RankedOffer[]): PlaceCount[] {
  const counts = new Map<string, number>()
  let unknown = 0
  for (const { offer } of products) {
    const name = placeText(offer)
    if (name === '') unknown += 1
    else counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const sorted = [...counts].sort(([, a], [, b]) => b - a)
  const others = sorted.slice(MAX_PLACES).reduce((sum, [, offers]) => sum + offers, 0)
  const places: PlaceCount[] = sorted.slice(0, MAX_PLACES).map(([name, offers]) => ({ name, kind: 'place', offers }))
  if (others > 0) places.push({ name: null, kind: 'others', offers: others })
  if (unknown > 0) places.push({ name: null, kind: 'unknown', offers: unknown })
  return places
}

export function medianOf(values: readonly number[]): number | null {
  return values.length === 0
    ? null
    : quantile(
        [...values].sort((a, b) => a - b),
        0.5,
      )
}

function quantile(sorted: readonly number[], part: number): number {
  const at = (sorted.length - 1) * part
  const [low = 0, high = low] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  return low + (high - low) * (at - Math.floor(at))
}

/** 1, 2 or 5 times a power of ten, near `width` and rather above it. */
function roundStep(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width))
  const factor = [1, 2, 5, 10].find(candidate => candidate * power >= width * 0.75) ?? 10
  return factor * power
}

/** Removes the error of binary fractions; bins have at most two decimals. */
function roundTo(value: number): number {
  return Number(value.toFixed(4))
}
