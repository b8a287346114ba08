/** Finds the part of a picture that is not plain margin, such as the photo in a screenshot. */
import { type Box, boxOf, type Span } from '../../pictures/decoder/box.ts'

/** The brightness difference (0..1020) across a pixel from which it counts as textured. */
const TEXTURE = 16
/** The share of textured pixels from which a row or column is content. */
const TEXTURED_SHARE = 0.35
/** Up to this many plain rows or columns within content are bridged. */
const MAX_GAP = 6
/** Narrower content, as a share of the picture, is ignored. */
const MIN_SHARE = 0.13

/**
 * @returns the largest textured part in the coordinates of `picture`; `null` if that is all of it, or nothing stands
 * out.
 */
export function findContent(
  square: Uint8Array,
  side: number,
  picture: { readonly width: number; readonly height: number },
): Box | null {
  const textured = texture(square, side)
  const rows = longestRun(side, y => share(side, x => textured[y * side + x]))
  const columns = longestRun(side, x => share(rows.end - rows.start, i => textured[(rows.start + i) * side + x]))
  return boxOf(columns, rows, side, picture)
}

/** @returns 1 for each textured pixel. */
function texture(square: Uint8Array, side: number): Uint8Array {
  const brightness = (x: number, y: number) => {
    const at = (y * side + x) * 3
    return (square[at] ?? 0) + 2 * (square[at + 1] ?? 0) + (square[at + 2] ?? 0)
  }
  const textured = new Uint8Array(side * side)
  for (let y = 1; y < side - 1; y++) {
    for (let x = 1; x < side - 1; x++) {
      const across = Math.abs(brightness(x + 1, y) - brightness(x - 1, y))
      const down = Math.abs(brightness(x, y + 1) - brightness(x, y - 1))
      if (across + down > TEXTURE) textured[y * side + x] = 1
    }
  }
  return textured
}

function share(count: number, isSet: (i: number) => number | undefined): number {
  let set = 0
  for (let i = 0; i < count; i++) set += isSet(i) ?? 0
  return set / count
}

/** @returns the longest run of textured lines, or all lines if no run is long enough. */
function longestRun(side: number, shareOf: (line: number) => number): Span {
  let longest = { start: 0, end: 0 }
  let start = -1
  let last = -1
  for (let line = 0; line < side; line++) {
    if (shareOf(line) <= TEXTURED_SHARE) continue
    if (start < 0 || line - last > MAX_GAP) start = line
    last = line
    if (line + 1 - start > longest.end - longest.start) longest = { start, end: line + 1 }
  }
  return longest.end - longest.start < side * MIN_SHARE ? { start: 0, end: side } : longest
}
