/** The colours of a picture: a histogram in the Lab colour space, where distances match human perception. */
import { toUnitLength } from '../vector.ts'
import { colourGridOf, GRID_SIDE } from './colour-grid.ts'

/** Of lightness, green-red and blue-yellow. */
const BINS = [5, 7, 7] as const
const BIN_COUNT = BINS[0] * BINS[1] * BINS[2]

/** One histogram of the whole picture, then one of its middle. */
export const COLOUR_DIMENSIONS = BIN_COUNT * 2

/** How far the middle extends from the centre, as a share of half the side. */
const MIDDLE = 0.6

/** Linear light of each 8-bit sRGB value (IEC 61966-2-1). */
const LINEAR = Float32Array.from({ length: 256 }, (_, value) => {
  const share = value / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
})

/**
 * Returns 490 numbers at unit length. Bins are soft (each pixel is shared among the eight nearest), and roots are
 * taken, so that the cosine of two histograms is their Hellinger similarity.
 * @param rgb 8-bit sRGB, three bytes per pixel, `side` squared.
 */
export function colourHistogram(rgb: Uint8Array, side: number): Float32Array {
  const small = colourGridOf(rgb, side)
  const histogram = new Float32Array(COLOUR_DIMENSIONS)
  for (let y = 0, at = 0; y < GRID_SIDE; y++) {
    for (let x = 0; x < GRID_SIDE; x++, at += 3) {
      const lab = toLab(small[at] ?? 0, small[at + 1] ?? 0, small[at + 2] ?? 0)
      addSoftly(histogram, lab, isMiddle(x) && isMiddle(y))
    }
  }
  for (let i = 0; i < histogram.length; i++) histogram[i] = Math.sqrt(histogram[i] ?? 0)
  return toUnitLength(histogram)
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

function labCurve(value: number): number {
  return value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116
}

function addSoftly(
  histogram: Float32Array,
  [lightness, a, b]: readonly [number, number, number],
  middle: boolean,
): void {
  // Bins are 25 units of lightness and 20 of each colour axis wide. Capped just below the last bin, so that a neighbour
  // exists.
  const l = Math.min(BINS[0] - 1.001, lightness / 25)
  const green = Math.min(BINS[1] - 1.001, Math.max(0, a / 20 + 3))
  const yellow = Math.min(BINS[2] - 1.001, Math.max(0, b / 20 + 3))
  const [l0, a0, b0] = [Math.floor(l), Math.floor(green), Math.floor(yellow)]
  for (let corner = 0; corner < 8; corner++) {
    const [dl, da, db] = [corner & 1, (corner >> 1) & 1, corner >> 2]
    const weight = near(l - l0, dl) * near(green - a0, da) * near(yellow - b0, db)
    const bin = ((l0 + dl) * BINS[1] + a0 + da) * BINS[2] + b0 + db
    histogram[bin] = (histogram[bin] ?? 0) + weight
    if (middle) histogram[BIN_COUNT + bin] = (histogram[BIN_COUNT + bin] ?? 0) + weight
  }
}

function near(fraction: number, upper: number): number {
  return upper === 1 ? fraction : 1 - fraction
}
