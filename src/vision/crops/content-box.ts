/** Finds the part of a picture that is not plain margin: the photo in a screenshot, the product on a wide ground. */
import { type Box, boxOf, type Span } from '../../pictures/decoder/box.ts'

/** Brightness difference (of 0..1020) across a pixel from which it counts as textured. */
const TEXTURE = 16
/** Share of textured pixels from which a row or column belongs to the content. */
const TEXTURED_SHARE = 0.35
/** Plain rows within content up to this many, of the square's, are bridged. */
const GAP = 6
/** Content narrower than this share of the picture is not worth a look of its own. */
const SMALLEST = 0.13

/** The largest textured part, in the coordinates of `picture`; `null` where that is all of it or nothing stands out. */
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

/** 1 for each pixel that differs across itself, horizontally and vertically taken together. */
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

/** The longest run of textured lines; everything where none is long enough. */
function longestRun(side: number, shareOf: (line: number) => number): Span {
  let longest = { start: 0, end: 0 }
  let start = -1
  let last = -1
  for (let line = 0; line < side; line++) {
    if (shareOf(line) <= TEXTURED_SHARE) continue
    if (start < 0 || line - last > GAP) start = line
    last = line
    if (line + 1 - start > longest.end - longest.start) longest = { start, end: line + 1 }
  }
  return longest.end - longest.start < side * SMALLEST ? { start: 0, end: side } : longest
}
