/** The colours of a picture: a histogram in the Lab colour space, where distances match human perception. */
import { toUnitLength } from '../vector.ts'
import { colourGridOf, GRID_SIDE } from './colour-grid.ts'
import { interpolate } from './foreground-grid.ts'

/** Of lightness, green-red and blue-yellow. */
const BINS = [5, 7, 7] as const
const BIN_COUNT = BINS[0] * BINS[1] * BINS[2]
/** Bins that share a pixel. */
const CORNERS = 8

/** One histogram of the whole picture, then one of its middle. */
export const COLOUR_DIMENSIONS = BIN_COUNT * 2

/** How far the middle extends from the centre, as a share of half the side. */
const MIDDLE = 0.6

/** What surroundings count among the product's colours. */
const LEAST_WEIGHT = 0.02

/** Linear light of each 8-bit sRGB value (IEC 61966-2-1). */
const LINEAR = Float32Array.from({ length: 256 }, (_, value) => {
  const share = value / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
})

/** The colours of 64 x 64 pixels as shares of bins: each pixel is divided among the eight nearest. */
export interface Colours {
  /** Eight per pixel. */
  readonly bins: Uint8Array
  /** As many; those of a pixel add up to 1. */
  readonly shares: Float32Array
}

/** @param rgb 8-bit sRGB, three bytes per pixel, `side` squared. */
export function readColours(rgb: Uint8Array, side: number): Colours {
  const small = colourGridOf(rgb, side)
  const bins = new Uint8Array(GRID_SIDE ** 2 * CORNERS)
  const shares = new Float32Array(bins.length)
  for (let pixel = 0; pixel < GRID_SIDE ** 2; pixel++) {
    const at = pixel * 3
    share(toLab(small[at] ?? 0, small[at + 1] ?? 0, small[at + 2] ?? 0), bins, shares, pixel * CORNERS)
  }
  return { bins, shares }
}

/**
 * Returns 490 numbers at unit length, of the whole picture and of its middle. Roots are taken, so that the cosine of two
 * histograms is their Hellinger similarity.
 */
export function colourHistogram({ bins, shares }: Colours): Float32Array {
  const histogram = new Float32Array(COLOUR_DIMENSIONS)
  for (let y = 0, at = 0; y < GRID_SIDE; y++) {
    for (let x = 0; x < GRID_SIDE; x++) {
      const middle = isMiddle(x) && isMiddle(y)
      for (const end = at + CORNERS; at < end; at++) {
        const [bin, weight] = [bins[at] ?? 0, shares[at] ?? 0]
        histogram[bin] = (histogram[bin] ?? 0) + weight
        if (middle) histogram[BIN_COUNT + bin] = (histogram[BIN_COUNT + bin] ?? 0) + weight
      }
    }
  }
  return toUnitLength(histogram.map(Math.sqrt))
}

/**
 * The same over the whole picture, where each pixel counts as much as it shows the product: 245 numbers.
 * @param foreground probabilities on a square grid; between the centres of its cells they are interpolated.
 */
export function productHistogram({ bins, shares }: Colours, foreground: Float32Array): Float32Array {
  const histogram = new Float32Array(BIN_COUNT)
  let at = 0
  for (const probability of interpolate(foreground, GRID_SIDE)) {
    const weight = LEAST_WEIGHT + (1 - LEAST_WEIGHT) * probability
    for (const end = at + CORNERS; at < end; at++) {
      const bin = bins[at] ?? 0
      histogram[bin] = (histogram[bin] ?? 0) + (shares[at] ?? 0) * weight
    }
  }
  return toUnitLength(histogram.map(Math.sqrt))
}

function isMiddle(position: number): boolean {
  return Math.abs(position - (GRID_SIDE - 1) / 2) / (GRID_SIDE / 2) < MIDDLE
}

/** CIE Lab under D65: lightness 0..100, the others about -100..100. */
function toLab(red: number, green: number, blue: number): readonly [number, number, number] {
  const [r, g, b] = [LINEAR[red] ?? 0, LINEAR[green] ?? 0, LINEAR[blue] ?? 0]
  const x = labCurve((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047)
  const y = labCurve(0.2126 * r + 0.7152 * g + 0.0722 * b)
  const z = labCurve((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

const CURVE_STEPS = 4096
/** The curve at equal steps from 0 to 1, and once beyond. */
const CURVE = Float32Array.from({ length: CURVE_STEPS + 2 }, (_, step) => {
  const value = step / CURVE_STEPS
  return value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116
})

/** Interpolated, to 0.001 of Lab's units. @param value 0..1. */
function labCurve(value: number): number {
  const position = Math.min(CURVE_STEPS, value * CURVE_STEPS)
  const step = Math.floor(position)
  const from = CURVE[step] ?? 0
  return from + (position - step) * ((CURVE[step + 1] ?? 0) - from)
}

function share(
  [lightness, a, b]: readonly [number, number, number],
  bins: Uint8Array,
  shares: Float32Array,
  at: number,
) {
  // Bins are 25 units of lightness and 20 of each colour axis wide. Capped just below the last bin, so that a neighbour
  // exists.
  const l = Math.min(BINS[0] - 1.001, lightness / 25)
  const green = Math.min(BINS[1] - 1.001, Math.max(0, a / 20 + 3))
  const yellow = Math.min(BINS[2] - 1.001, Math.max(0, b / 20 + 3))
  const [l0, a0, b0] = [Math.floor(l), Math.floor(green), Math.floor(yellow)]
  for (let corner = 0; corner < CORNERS; corner++) {
    const [dl, da, db] = [corner & 1, (corner >> 1) & 1, corner >> 2]
    bins[at + corner] = ((l0 + dl) * BINS[1] + a0 + da) * BINS[2] + b0 + db
    shares[at + corner] = near(l - l0, dl) * near(green - a0, da) * near(yellow - b0, db)
  }
}

function near(fraction: number, upper: number): number {
  return upper === 1 ? fraction : 1 - fraction
}
