/** Stretches a picture, or a part of it, to the square that the network looks at. */
import type { Box } from '../../pictures/decoder/box.ts'
import { RASTER_SIDE, type Raster } from '../../pictures/decoder/decode.ts'
import { GRID_SIDE } from '../crops/colour-grid.ts'
import type { Kernels } from './kernels.ts'

export interface Square {
  /** Three bytes per pixel, in the kernels' memory: overwritten by the next square. */
  readonly rgb: Uint8Array
  /** Averaged, see `colourGridOf`. */
  readonly colours: Uint8Array
}

export type SquareOf = (picture: Raster, box?: Box) => Square

/** Pixels on either side of an output that count, before the filter is widened to shrink a picture. */
const REACH = 2
const MAX_TAPS = Math.ceil((2 * REACH * RASTER_SIDE) / 32) + 2

interface Axis {
  readonly starts: number
  readonly weights: number
}

/** Cubic, and widened to shrink, so that no pixel is left out. @param side of the squares. */
export function createSquares(kernels: Kernels, side: number): SquareOf {
  const [picture, square] = [reserveBytes(kernels, 3 * RASTER_SIDE ** 2 + 16), reserveBytes(kernels, 3 * side ** 2 + 4)]
  const line = kernels.reserve(3 * RASTER_SIDE + 16)
  const colours = reserveBytes(kernels, 3 * GRID_SIDE ** 2)
  const placeAxis = (): Axis => ({ starts: kernels.reserve(side), weights: kernels.reserve(side * MAX_TAPS) })
  const [rows, columns] = [placeAxis(), placeAxis()]

  /** @returns inputs per output. */
  const prepare = ({ starts, weights }: Axis, size: number): number => {
    const scale = Math.max(1, size / side)
    const taps = Math.min(size, Math.ceil(2 * REACH * scale) + 1)
    const firsts = kernels.integers(starts, side)
    const shares = kernels.view(weights, side * taps)
    for (let output = 0; output < side; output++) {
      const centre = ((output + 0.5) * size) / side - 0.5
      const first = Math.min(size - taps, Math.max(0, Math.ceil(centre - REACH * scale)))
      firsts[output] = first
      writeShares(shares.subarray(output * taps, (output + 1) * taps), centre, scale, first, size)
    }
    return taps
  }

  return ({ rgb, width, height }, box = { left: 0, top: 0, width, height }) => {
    kernels.bytes(picture, rgb.length).set(rgb)
    const [rowTaps, columnTaps] = [prepare(rows, box.height), prepare(columns, box.width)]
    const from = picture + 3 * (box.top * width + box.left)
    const byRow = [rows.starts, rows.weights, rowTaps] as const
    kernels.resample(
      from,
      3 * width,
      box.width,
      ...byRow,
      columns.starts,
      columns.weights,
      columnTaps,
      line,
      square,
      side,
    )
    kernels.average(square, side, colours, GRID_SIDE)
    return { rgb: kernels.bytes(square, 3 * side ** 2), colours: kernels.bytes(colours, 3 * GRID_SIDE ** 2).slice() }
  }
}

/** Writes how much each input counts; those outside the picture count for the nearest one in it. */
function writeShares(shares: Float32Array, centre: number, scale: number, first: number, size: number): void {
  shares.fill(0)
  let total = 0
  for (let at = Math.ceil(centre - REACH * scale); at <= centre + REACH * scale; at++) {
    const share = cubic((at - centre) / scale)
    const input = Math.min(size - 1, Math.max(0, at)) - first
    shares[input] = (shares[input] ?? 0) + share
    total += share
  }
  for (let tap = 0; tap < shares.length; tap++) shares[tap] = (shares[tap] ?? 0) / total
}

/** Catmull-Rom. */
function cubic(distance: number): number {
  const x = Math.abs(distance)
  if (x < 1) return 1 + x * x * (1.5 * x - 2.5)
  return x < 2 ? 2 + x * (-4 + x * (2.5 - 0.5 * x)) : 0
}

function reserveBytes(kernels: Kernels, count: number): number {
  return kernels.reserve(Math.ceil(count / 4))
}
