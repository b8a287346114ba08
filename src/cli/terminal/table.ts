import stringWidth from 'string-width'
import type { TextTable } from '../../shape/text/page.ts'
import { UNKNOWN } from '../../shape/text/values.ts'

const GAP = '  '

/** A long cell keeps at least this width; if that is still too wide, columns are left out. */
const LONG_MIN_WIDTH = 10

/** A title says what the offer is, so it stays, and can be read. */
const TITLE_MIN_WIDTH = 20

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

export interface TableLine {
  kind: 'head' | 'group' | 'row' | 'below'
  text: string
}

export interface AlignedTable {
  lines: TableLine[]
  /** Columns that do not fit. */
  leftOut: string[]
}

/** Aligns a table to a terminal's width; a Chinese character takes two columns. Only a `below` line may be wider. */
export function alignTable({ columns, rows }: TextTable, width: number): AlignedTable {
  const cells = rows.filter(row => typeof row !== 'string')
  const all = columns.flatMap(({ name, kind }, index) => {
    if (kind === 'below') return []
    // An empty column would only take space from the others.
    if (cells.every(row => row[index] === UNKNOWN)) return []
    const natural = Math.max(...[name, ...cells.map(row => row[index] ?? '')].map(text => stringWidth(text)))
    return [{ index, name, kind, width: natural }]
  })
  const { kept, leftOut } = fitColumns(all, width)
  const lineOf = (row: readonly string[]) =>
    kept
      .map(({ index, kind, width: room }) => pad(row[index] ?? '', room, kind === 'number'))
      .join(GAP)
      .trimEnd()
  const lines: TableLine[] = [{ kind: 'head', text: lineOf(columns.map(({ name }) => name)) }]
  for (const row of rows) {
    if (typeof row === 'string') lines.push({ kind: 'group', text: cut(row, width) })
    else {
      lines.push({ kind: 'row', text: lineOf(row) })
      const below = row.filter((text, index) => columns[index]?.kind === 'below' && text !== UNKNOWN)
      lines.push(...below.map(text => ({ kind: 'below' as const, text: `${GAP}${text}` })))
    }
  }
  return { lines, leftOut }
}

interface Sized {
  index: number
  name: string
  kind: TextTable['columns'][number]['kind']
  width: number
}

/**
 * Narrows long columns, the widest first, then leaves out minor, long and finally trailing ones until the rest fits. The
 * first column and the title stay.
 */
function fitColumns(all: readonly Sized[], width: number): { kept: Sized[]; leftOut: string[] } {
  let kept = all.map(column => ({ ...column }))
  const leftOut: string[] = []
  for (;;) {
    let excess = kept.reduce((sum, column) => sum + column.width, GAP.length * (kept.length - 1)) - width
    while (excess > 0) {
      const long = kept.filter(({ kind, width: room }) => room > minWidthOf(kind))
      const widest = long.toSorted((a, b) => b.width - a.width)[0]
      if (!widest) break
      widest.width -= 1
      excess -= 1
    }
    const [first, ...others] = kept
    const victim =
      others.findLast(({ kind }) => kind === 'minor') ??
      others.findLast(({ kind }) => kind === 'long') ??
      others.findLast(({ kind }) => kind !== 'title') ??
      others.at(-1)
    if (first && !victim) first.width = Math.min(first.width, width)
    if (excess <= 0 || !victim) return { kept, leftOut }
    leftOut.push(victim.name)
    // Starts over from the full widths, since the others may need the space that was freed.
    kept = all.filter(({ name }) => !leftOut.includes(name)).map(column => ({ ...column }))
  }
}

/** Infinite for columns that are not narrowed. */
function minWidthOf(kind: Sized['kind']): number {
  if (kind === 'title') return TITLE_MIN_WIDTH
  return kind === 'long' ? LONG_MIN_WIDTH : Number.POSITIVE_INFINITY
}

/** Cuts a text to `width` columns, with an ellipsis. A wide character is never halved. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let kept = ''
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    used += stringWidth(segment)
    if (used > width - 1) break
    kept += segment
  }
  return `${kept}…`
}

function pad(text: string, width: number, atRight: boolean): string {
  const shown = cut(text, width)
  const blanks = ' '.repeat(Math.max(0, width - stringWidth(shown)))
  return atRight ? blanks + shown : shown + blanks
}
