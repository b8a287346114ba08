/**
 * Guesses where the product is in a photo: the part near the middle whose colours differ from the photo's edge. The same
 * as the server does for its matcher, so that a person sees what is looked at, and can correct it.
 */
import { type Crop, WHOLE } from './photo.ts'

/** Pixels of the square that is looked at. */
const SIDE = 64

/** Up to this distance in RGB, or this multiple of the mean, a pixel is background. */
const MIN_DISTANCE = 20
const MEAN_FACTOR = 1.2
/** Larger distances count the same: a red product is not more salient than a brown one. */
const MAX_DISTANCE = 80
/** How fast pixels lose weight with their distance from the middle. */
const CENTRE_PULL = 0.6
/** Every third pixel of the edge is sampled. */
const EDGE_STEP = 3

/** The share of the weight that is cut off on each side, and the margin that is added back. */
const OUTSIDE = 0.02
const MARGIN = 0.04

/** A box that covers more of the photo is not worth a crop. */
const MAX_SHARE = 0.85

export function guessCrop(photo: HTMLCanvasElement): Crop {
  const small = document.createElement('canvas')
  small.width = SIDE
  small.height = SIDE
  const context = small.getContext('2d')
  if (context === null) return WHOLE
  context.drawImage(photo, 0, 0, SIDE, SIDE)
  const weights = weigh(distancesFromEdge(context.getImageData(0, 0, SIDE, SIDE).data))
  const [left, right] = spanOf((line, i) => weights[i * SIDE + line] ?? 0)
  const [top, bottom] = spanOf((line, i) => weights[line * SIDE + i] ?? 0)
  const [width, height] = [right - left, bottom - top]
  return width * height > MAX_SHARE ? WHOLE : { left, top, width, height }
}

/** Of each pixel, from the third nearest colour of the edge: a speck on the edge is not background. */
function distancesFromEdge(rgba: Uint8ClampedArray): number[] {
  const edge: number[] = []
  for (let i = 0; i < SIDE; i += EDGE_STEP)
    edge.push(SIDE + i, (SIDE - 2) * SIDE + i, i * SIDE + 1, i * SIDE + SIDE - 2)
  const colour = (pixel: number, channel: number) => rgba[pixel * 4 + channel] ?? 0
  return Array.from({ length: SIDE * SIDE }, (_, pixel) => {
    const squares = edge.map(other =>
      [0, 1, 2].reduce((sum, channel) => sum + (colour(pixel, channel) - colour(other, channel)) ** 2, 0),
    )
    return Math.sqrt(squares.sort((a, b) => a - b)[2] ?? 0)
  })
}

/** 0 for background. */
function weigh(distances: readonly number[]): number[] {
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length
  const least = Math.max(MIN_DISTANCE, MEAN_FACTOR * mean)
  const middle = (SIDE - 1) / 2
  return distances.map((distance, pixel) => {
    if (distance <= least) return 0
    const [x, y] = [(pixel % SIDE) - middle, Math.floor(pixel / SIDE) - middle]
    return Math.min(MAX_DISTANCE, distance) * Math.exp((-CENTRE_PULL * (x * x + y * y)) / middle ** 2)
  })
}

/** The lines that hold most of the weight, as shares of the side; all of them if there is no weight. */
function spanOf(weightAt: (line: number, i: number) => number): [start: number, end: number] {
  const lines = Array.from({ length: SIDE }, (_, line) => {
    let weight = 0
    for (let i = 0; i < SIDE; i++) weight += weightAt(line, i)
    return weight
  })
  const total = lines.reduce((sum, weight) => sum + weight, 0)
  const linesOutside = (weights: readonly number[]) => {
    let before = 0
    return weights.findIndex(weight => {
      before += weight
      return before >= OUTSIDE * total
    })
  }
  if (total === 0) return [0, 1]
  const start = linesOutside(lines) / SIDE - MARGIN
  const end = 1 - linesOutside([...lines].reverse()) / SIDE + MARGIN
  return [Math.max(0, start), Math.min(1, end)]
}
