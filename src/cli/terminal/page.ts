import { styleText } from 'node:util'
import { NO_OFFERS, type Page } from '../../shape/text/page.ts'
import { forPeople } from './for-people.ts'
import { printableLine } from './printable.ts'
import { alignTable, type TableLine } from './table.ts'
import type { Terminal } from './terminal.ts'
import { wrapText } from './wrap.ts'

type Style = Parameters<typeof styleText>[0]

/** By likeness, like a traffic light. */
const GROUP_STYLES: Readonly<Record<string, Style>> = {
  'same item': 'green',
  'probably the same item': 'green',
  similar: 'yellow',
  'not alike': 'gray',
}

/** A reply for a person: an aligned table, in colour if the terminal has colours. */
export function terminalPage(page: Page, { columns, colours }: Terminal): string {
  const { head, table, tail } = printablePage(page)
  // terminal.ts has already decided about colours; styleText would look at the real stdout again.
  const paint = (style: Style, text: string) => (colours ? styleText(style, text, { validateStream: false }) : text)
  const { lines, leftOut } = table && table.rows.length > 0 ? alignTable(table, columns) : { lines: [], leftOut: [] }
  const paintLine = ({ kind, text }: TableLine) => {
    if (kind === 'head') return paint('bold', text)
    if (kind === 'group') return paint(GROUP_STYLES[text] ?? 'bold', text)
    return kind === 'below' ? paint('gray', text) : text
  }
  const [first = '', ...more] = head
  const wrapped = (line: string, style: Style | null) =>
    wrapText(forPeople(line), columns).map(text => (style ? paint(style, text) : text))
  return [
    ...wrapped(first, 'bold'),
    ...more.flatMap(line => wrapped(line, line.startsWith('note: ') ? 'yellow' : null)),
    ...(table ? ['', ...(lines.length > 0 ? lines.map(paintLine) : [NO_OFFERS]), ''] : []),
    ...(leftOut.length > 0
      ? wrapped(`no room for: ${leftOut.join(', ')} (use a wider terminal or --json)`, 'gray')
      : []),
    ...tail.flatMap(line => wrapped(line, /^(note|failed): /.test(line) ? 'yellow' : 'gray')),
  ].join('\n')
}

/** Headers as well: those of a comparison may come from a sheet. */
function printablePage({ head, table, tail }: Page): Page {
  return {
    head: head.map(printableLine),
    table: table && {
      columns: table.columns.map(column => ({ ...column, name: printableLine(column.name) })),
      rows: table.rows.map(row => (typeof row === 'string' ? printableLine(row) : row.map(printableLine))),
    },
    tail: tail.map(printableLine),
  }
}
