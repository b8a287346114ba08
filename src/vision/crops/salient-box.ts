/** Finds the thing in a picture: the part near the middle whose colours are not those of the picture's edge. */
import { type Box, boxOf, type Span } from '../../pictures/decoder/box.ts'
import { colourGridOf, GRID_SIDE } from './colour-grid.ts'

/** Distance in RGB (0..441) below which a pixel is of the ground, at least; and how far above the mean distance it must be. */
const LEAST_DISTANCE = 20
const OVER_MEAN = 1.2
/** Distances above this count no more than it: a red thing is not more of a thing than a brown one. */
const MOST_DISTANCE = 80
/** How fast pixels away from the middle lose weight. */
const CENTRE_PULL = 0.6
/** Share of the weight that is left outside on each side, and the margin that is given back, as a share of the picture. */
const OUTSIDE = 0.02
const MARGIN = 0.03
/** Every third pixel of the edge stands for it; the third nearest of them counts, so that a speck on the edge is not the ground. */
const EDGE_STEP = 3

/** The box of the thing, in the coordinates of `picture`; `null` where nothing stands out, or the thing fills the picture. */
export function findSalient(
  square: Uint8Array,
  side: number,
  picture: { readonly width: number; readonly height: number },
): Box | null {
  const weights = weigh(distancesFromEdge(colourGridOf(square, side)))
  const columns = span(x => sum(y => weights[y * GRID_SIDE + x]))
  const rows = span(y => sum(x => weights[y * GRID_SIDE + x]))
  return columns && rows && boxOf(columns, rows, 1, picture)
}

/** How far each pixel's colour is from those of the edge. */
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

/** What each pixel adds to the thing; 0 for the ground. */
function weigh(distances: Float32Array): Float32Array {
  const mean = distances.reduce((total, distance) => total + distance, 0) / distances.length
  const least = Math.max(LEAST_DISTANCE, OVER_MEAN * mean)
  const middle = (GRID_SIDE - 1) / 2
  return distances.map((distance, pixel) => {
    if (distance <= least) return 0
    const [x, y] = [(pixel % GRID_SIDE) - middle, Math.floor(pixel / GRID_SIDE) - middle]
    return Math.min(MOST_DISTANCE, distance) * Math.exp((-CENTRE_PULL * (x * x + y * y)) / middle ** 2)
  })
}

function sum(weightOf: (i: number) => number | undefined): number {
  let total = 0
  for (let i = 0; i < GRID_SIDE; i++) total += weightOf(i) ?? 0
  return total
}

/** Where the weight of the lines lies but for a little on either side, as shares of the side; `null` where there is none. */
function span(weightOf: (line: number) => number): Span | null {
  const weights = Array.from({ length: GRID_SIDE }, (_, line) => weightOf(line))
  const total = weights.reduce((whole, weight) => whole + weight, 0)
  if (total === 0) return null
  const start = linesOutside(weights, total)
  const end = GRID_SIDE - linesOutside(weights.reverse(), total)
  return { start: Math.max(0, start / GRID_SIDE - MARGIN), end: Math.min(1, end / GRID_SIDE + MARGIN) }
}

/** How many lines hold no more than the share that is left outside. */
function linesOutside(weights: readonly number[], total: number): number {
  let before = 0
  return weights.findIndex(weight => {
    before += weight
    return before >= OUTSIDE * total
  })
}
