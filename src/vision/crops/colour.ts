/** The colours of a picture: a histogram in the Lab colour space, where distances match human perception. */
import { toUnitLength } from '../vector.ts'
import { GRID_SIDE } from './colour-grid.ts'
import { interpolate } from './foreground-grid.ts'

/** Of lightness, green-red and blue-yellow. */
const BINS = [5, 7, 7] as const
const BIN_COUNT = BINS[0] * BINS[1] * BINS[2]

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

/** Each at unit length. Roots are taken, so that the cosine of two histograms is their Hellinger similarity. */
export interface ColourHistograms {
  /** Of the whole picture and of its middle: 490 numbers. */
  readonly picture: Float32Array
  /** Of the whole picture, where each pixel counts as much as it shows the product: 245 numbers. */
  readonly product: Float32Array
}

/**
 * @param colours of 64 x 64 pixels, see `colourGridOf`.
 * @param foreground probabilities on a square grid; between the centres of its cells they are interpolated. Default: the
 *   product is everywhere.
 */
export function colourHistograms(colours: Uint8Array, foreground: Float32Array = EVERYWHERE): ColourHistograms {
  const shown = interpolate(foreground, GRID_SIDE)
  const [edge, middle, product] = [empty(), empty(), empty()]
  for (let pixel = 0; pixel < GRID_SIDE ** 2; pixel++) {
    const at = pixel * 3
    const [l, a, b] = toLab(colours[at] ?? 0, colours[at + 1] ?? 0, colours[at + 2] ?? 0)
    // Bins are 25 units of lightness and 20 of each colour axis wide. Capped just below the last bin, so that a neighbour
    // exists.
    const lightness = Math.min(BINS[0] - 1.001, l / 25)
    const green = Math.min(BINS[1] - 1.001, Math.max(0, a / 20 + 3))
    const yellow = Math.min(BINS[2] - 1.001, Math.max(0, b / 20 + 3))
    const isInMiddle = isMiddle(pixel % GRID_SIDE) && isMiddle(Math.floor(pixel / GRID_SIDE))
    divide(lightness, green, yellow, 1, isInMiddle ? middle : edge)
    divide(lightness, green, yellow, LEAST_WEIGHT + (1 - LEAST_WEIGHT) * (shown[pixel] ?? 0), product)
  }
  const picture = new Float32Array(COLOUR_DIMENSIONS)
  picture.set(edge.map((value, bin) => value + (middle[bin] ?? 0)))
  picture.set(middle, BIN_COUNT)
  return { picture: toUnitLength(picture.map(Math.sqrt)), product: toUnitLength(product.map(Math.sqrt)) }
}

const EVERYWHERE = new Float32Array([1])

function empty(): Float32Array {
  return new Float32Array(BIN_COUNT)
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

/** Divides a pixel among the eight bins around its colour, given in bins. */
function divide(lightness: number, green: number, yellow: number, weight: number, histogram: Float32Array): void {
  const [l, a, b] = [Math.floor(lightness), Math.floor(green), Math.floor(yellow)]
  const bin = (l * BINS[1] + a) * BINS[2] + b
  const light = (lightness - l) * weight
  divideColour(green - a, yellow - b, weight - light, histogram, bin)
  divideColour(green - a, yellow - b, light, histogram, bin + BINS[1] * BINS[2])
}

function divideColour(green: number, yellow: number, weight: number, histogram: Float32Array, bin: number): void {
  const upper = green * weight
  const lower = weight - upper
  add(histogram, bin, lower * (1 - yellow))
  add(histogram, bin + 1, lower * yellow)
  add(histogram, bin + BINS[2], upper * (1 - yellow))
  add(histogram, bin + BINS[2] + 1, upper * yellow)
}

function add(histogram: Float32Array, bin: number, value: number): void {
  histogram[bin] = (histogram[bin] ?? 0) + value
}
