/** A reply as the parts that its plain text and a terminal's table are both made from. */

export interface Column {
  name: string
  /**
   * `number` stands at the right; `long` may be cut where room is short; `minor` is left out first; `below` is too long for a table (a
   * link) and stands on a line of its own. Default: as it is.
   */
  kind?: 'number' | 'long' | 'minor' | 'below'
}

/** A table; a row that is one text is a heading for those after it. */
export interface TextTable {
  columns: readonly Column[]
  rows: readonly (readonly string[] | string)[]
}

export interface Page {
  head: readonly string[]
  /** `null`: the reply has none. */
  table: TextTable | null
  tail: readonly string[]
}

/** What stands in the place of a table without rows. */
export const NO_OFFERS = '(no offers)'

/** The text that an agent reads: cells with a mark between them, for blanks that line up cost tokens. */
export function pageText({ head, table, tail }: Page): string {
  return [...head, ...(table ? tableLines(table) : []), ...tail].join('\n')
}

function tableLines({ columns, rows }: TextTable): string[] {
  if (rows.length === 0) return [NO_OFFERS]
  const head = columns.map(({ name }) => name)
  return [head, ...rows].map(row => (typeof row === 'string' ? `${row}:` : row.join(' | ')))
}
