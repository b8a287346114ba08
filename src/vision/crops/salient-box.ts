/** Finds the subject of a picture: the part near the middle whose colours differ from the picture's edge. */
import { type Box, boxOf } from '../../pictures/decoder/box.ts'
import { colourGridOf, GRID_SIDE } from './colour-grid.ts'
import { spanOf } from './span.ts'

/**
 * A pixel up to this distance in RGB (0..441) from the edge's colours is background; so is one up to this multiple of
 * the mean.
 */
const MIN_DISTANCE = 20
const MEAN_FACTOR = 1.2
/** Larger distances count the same: a red product is not more salient than a brown one. */
const MAX_DISTANCE = 80
/** How fast pixels lose weight with their distance from the middle. */
const CENTRE_PULL = 0.6
/**
 * Every third edge pixel is sampled. The third nearest colour counts, so that a speck on the edge is not background.
 */
const EDGE_STEP = 3

/** @returns a box in the coordinates of `picture`; `null` if nothing stands out, or the subject fills the picture. */
export function findSalient(
  square: Uint8Array,
  side: number,
  picture: { readonly width: number; readonly height: number },
): Box | null {
  const weights = weigh(distancesFromEdge(colourGridOf(square, side)))
  const columns = spanOf(GRID_SIDE, (x, y) => weights[y * GRID_SIDE + x] ?? 0)
  const rows = spanOf(GRID_SIDE, (y, x) => weights[y * GRID_SIDE + x] ?? 0)
  return columns && rows && boxOf(columns, rows, 1, picture)
}

function distancesFromEdge(rgb: Uint8Array): Float32Array {
  const edge: number[] = []
  for (let i = 0; i < GRID_SIDE; i += EDGE_STEP)
    edge.push(GRID_SIDE + i, (GRID_SIDE - 2) * GRID_SIDE + i, i * GRID_SIDE + 1, i * GRID_SIDE + GRID_SIDE - 2)
  const distances = new Float32Array(GRID_SIDE * GRID_SIDE)
  for (let pixel = 0; pixel < distances.length; pixel++) {
    let [first, second, third] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    for (const other of edge) {
      const distance = squaredDistance(rgb, pixel * 3, other * 3)
      if (distance >= third) continue
      if (distance < first) [first, second, third] = [distance, first, second]
      else if (distance < second) [second, third] = [distance, second]
      else third = distance
    }
    distances[pixel] = Math.sqrt(third)
  }
  return distances
}

function squaredDistance(rgb: Uint8Array, a: number, b: number): number {
  let squares = 0
  for (let channel = 0; channel < 3; channel++) squares += ((rgb[a + channel] ?? 0) - (rgb[b + channel] ?? 0)) ** 2
  return squares
}

/** @returns the weight of each pixel; 0 for background. */
function weigh(distances: Float32Array): Float32Array {
  const mean = distances.reduce((total, distance) => total + distance, 0) / distances.length
  const least = Math.max(MIN_DISTANCE, MEAN_FACTOR * mean)
  const middle = (GRID_SIDE - 1) / 2
  return distances.map((distance, pixel) => {
    if (distance <= least) return 0
    const [x, y] = [(pixel % GRID_SIDE) - middle, Math.floor(pixel / GRID_SIDE) - middle]
    return Math.min(MAX_DISTANCE, distance) * Math.exp((-CENTRE_PULL * (x * x + y * y)) / middle ** 2)
  })
}
