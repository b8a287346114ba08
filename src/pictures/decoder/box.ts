/** Parts of a picture: what they are, and how one follows from where its columns and rows begin and end. */

/** A part of a picture, pixels. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Where columns or rows begin and end. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A box of more than this share of the picture is not worth a look of its own. */
const LARGEST = 0.92

/** The box of `columns` and `rows`, of which the whole picture has `side` each, in the pixels of `picture`; `null` where it is nearly all. */
export function boxOf(
  columns: Span,
  rows: Span,
  side: number,
  picture: { readonly width: number; readonly height: number },
): Box | null {
  const width = (columns.end - columns.start) / side
  const height = (rows.end - rows.start) / side
  if (width * height > LARGEST) return null
  return {
    left: Math.floor((columns.start * picture.width) / side),
    top: Math.floor((rows.start * picture.height) / side),
    width: Math.max(1, Math.floor(width * picture.width)),
    height: Math.max(1, Math.floor(height * picture.height)),
  }
}
