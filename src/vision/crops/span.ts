import type { Span } from '../../pictures/decoder/box.ts'

/**
 * The share of the weight that is cut off on each side, and the margin that is added back, as a share of the picture.
 */
const OUTSIDE = 0.02
const MARGIN = 0.03

/**
 * @param weightAt of a line's i-th pixel.
 * @returns the lines that hold most of the weight, as shares of the side; `null` if there is none.
 */
export function spanOf(side: number, weightAt: (line: number, i: number) => number): Span | null {
  const weights = Array.from({ length: side }, (_, line) => {
    let weight = 0
    for (let i = 0; i < side; i++) weight += weightAt(line, i)
    return weight
  })
  const total = weights.reduce((whole, weight) => whole + weight, 0)
  if (total === 0) return null
  const start = linesOutside(weights, total)
  const end = side - linesOutside(weights.toReversed(), total)
  return { start: Math.max(0, start / side - MARGIN), end: Math.min(1, end / side + MARGIN) }
}

/** @returns how many lines hold at most the share that is cut off. */
function linesOutside(weights: readonly number[], total: number): number {
  let before = 0
  return weights.findIndex(weight => {
    before += weight
    return before >= OUTSIDE * total
  })
}
