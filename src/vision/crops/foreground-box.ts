/** Finds the product of a picture in the network's foreground. */
import { type Box, boxOf } from '../../pictures/decoder/box.ts'
import { GRID_SIDE } from './colour-grid.ts'
import { interpolate } from './foreground-grid.ts'
import { spanOf } from './span.ts'

/** Cells less likely than this show surroundings. */
const LEAST = 0.5

/**
 * @param foreground probabilities on a square grid.
 * @returns a box in the coordinates of `picture`; `null` if there is no product, or it fills the picture.
 */
export function foregroundBox(
  foreground: Float32Array,
  picture: { readonly width: number; readonly height: number },
): Box | null {
  const weights = interpolate(foreground, GRID_SIDE).map(value => (value < LEAST ? 0 : value))
  const columns = spanOf(GRID_SIDE, (line, i) => weights[i * GRID_SIDE + line] ?? 0)
  const rows = spanOf(GRID_SIDE, (line, i) => weights[line * GRID_SIDE + i] ?? 0)
  return columns && rows && boxOf(columns, rows, 1, picture)
}
