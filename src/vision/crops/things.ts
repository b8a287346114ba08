/** Finds the separate things in a picture's foreground. */
import type { Region } from '../../pictures/decoder/region.ts'

/** Cells less likely than this show surroundings; things that touch come apart at a higher limit. */
const LIMITS = [0.5, 0.65, 0.8] as const
/** Of the picture: smaller things are noise or decoration. */
const MIN_SHARE = 0.03
const MAX_THINGS = 6
/** Per cent that are added on each side, since the grid is coarse. */
const MARGIN = 3

interface Cells {
  count: number
  left: number
  right: number
  top: number
  bottom: number
}

/**
 * @param foreground probabilities on a square grid.
 * @returns boxes around cells that touch, largest first; none unless there are at least two.
 */
export function findThings(foreground: Float32Array): Region[] {
  const side = Math.round(Math.sqrt(foreground.length))
  const things = LIMITS.map(limit => thingsAbove(foreground, side, limit)).find(found => found.length >= 2) ?? []
  return things
    .toSorted((a, b) => b.count - a.count)
    .slice(0, MAX_THINGS)
    .map(cells => regionOf(cells, side))
}

function thingsAbove(foreground: Float32Array, side: number, limit: number): Cells[] {
  const isFree = Array.from(foreground, probability => probability >= limit)
  const things: Cells[] = []
  for (let start = 0; start < isFree.length; start++) {
    if (!isFree[start]) continue
    const cells = takeCells(isFree, side, start)
    if (cells.count >= MIN_SHARE * foreground.length) things.push(cells)
  }
  return things
}

/** Unmarks all cells that are connected with `start` by their sides. */
function takeCells(isFree: boolean[], side: number, start: number): Cells {
  const cells = { count: 0, left: side, right: 0, top: side, bottom: 0 }
  const waiting = [start]
  isFree[start] = false
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const [x, y] = [at % side, Math.floor(at / side)]
    cells.count++
    cells.left = Math.min(cells.left, x)
    cells.right = Math.max(cells.right, x)
    cells.top = Math.min(cells.top, y)
    cells.bottom = Math.max(cells.bottom, y)
    const neighbours = [x > 0 ? at - 1 : -1, x < side - 1 ? at + 1 : -1, at - side, at + side]
    for (const neighbour of neighbours) {
      if (!isFree[neighbour]) continue
      isFree[neighbour] = false
      waiting.push(neighbour)
    }
  }
  return cells
}

function regionOf({ left, right, top, bottom }: Cells, side: number): Region {
  const axis = (first: number, last: number) => {
    const start = Math.max(0, Math.round((100 * first) / side) - MARGIN)
    return [start, Math.min(100, Math.round((100 * (last + 1)) / side) + MARGIN) - start] as const
  }
  const [x, width] = axis(left, right)
  const [y, height] = axis(top, bottom)
  return { x, y, width, height }
}
