/** Rows and columns are counted from 1, as in A1. */
export interface CellRange {
  top: number
  left: number
  bottom: number
  right: number
}

/** The column of `BC12`; `null` without letters. */
export function columnOf(reference: string): number | null {
  let column = 0
  for (const letter of reference) {
    const value = letter.toUpperCase().charCodeAt(0) - 64
    if (value < 1 || value > 26) break
    column = column * 26 + value
  }
  return column === 0 ? null : column
}

/** `A1` or `A1:B2`. */
export function parseRange(reference: string): CellRange | null {
  const match = /^\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?$/i.exec(reference)
  if (!match) return null
  const [, left = '', top = '', right = left, bottom = top] = match
  const range = {
    top: Number(top),
    left: columnOf(left) ?? 0,
    bottom: Number(bottom),
    right: columnOf(right) ?? 0,
  }
  return range.top >= 1 && range.bottom >= range.top && range.right >= range.left ? range : null
}
