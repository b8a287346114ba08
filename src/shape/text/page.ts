/** A reply in parts, from which both the plain text and the terminal's table are made. */

export interface Column {
  name: string
  /**
   * `number` is aligned right; `long` may be cut if space is short, and is dropped after `minor`; `title` may be cut,
   * but stays; `below` (a link) is too long for a table and gets a separate line. Default: plain text.
   */
  kind?: 'number' | 'title' | 'long' | 'minor' | 'below'
}

export interface TextTable {
  columns: readonly Column[]
  /** A string is a heading for the rows after it. */
  rows: readonly (readonly string[] | string)[]
}

export interface Page {
  head: readonly string[]
  table: TextTable | null
  tail: readonly string[]
}

export const NO_OFFERS = '(no offers)'

/** The text that an agent reads. Cells are separated, not aligned: padding costs tokens. */
export function pageText({ head, table, tail }: Page): string {
  return [...head, ...(table ? tableLines(table) : []), ...tail].join('\n')
}

function tableLines({ columns, rows }: TextTable): string[] {
  if (rows.length === 0) return [NO_OFFERS]
  const head = columns.map(({ name }) => name)
  return [head, ...rows].map(row => (typeof row === 'string' ? `${row}:` : row.join(' | ')))
}
