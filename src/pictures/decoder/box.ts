/** A part of a picture, in pixels. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** A range of columns or rows. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A box that covers a larger share of the picture adds nothing to the whole. */
const MAX_SHARE = 0.92

/**
 * @param side columns and rows of the whole picture, in the units of `columns` and `rows`.
 * @returns the box in pixels of `picture`; `null` if it is nearly all of it.
 */
export function boxOf(
  columns: Span,
  rows: Span,
  side: number,
  picture: { readonly width: number; readonly height: number },
): Box | null {
  const width = (columns.end - columns.start) / side
  const height = (rows.end - rows.start) / side
  if (width * height > MAX_SHARE) return null
  return {
    left: Math.floor((columns.start * picture.width) / side),
    top: Math.floor((rows.start * picture.height) / side),
    width: Math.max(1, Math.floor(width * picture.width)),
    height: Math.max(1, Math.floor(height * picture.height)),
  }
}
