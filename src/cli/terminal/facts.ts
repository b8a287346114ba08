/** A reply of named facts (`price: 2.88 CNY`) as a person reads it: names on the left, wrapped values, aligned rows. */
import stringWidth from 'string-width'
import { forPeople } from './for-people.ts'
import { printableLine } from './printable.ts'
import { cut } from './table.ts'
import { wrapText } from './wrap.ts'

const GAP = '  '

/** A longer name gets a line to itself. */
const LONGEST_NAME = 22

/** Below this, a value begins under its name. */
const NARROWEST_VALUE = 30

/** A cell keeps at least this width. */
const NARROWEST_CELL = 12

const CELL = ' | '

/** @param columns width of the terminal. */
export function factsText(text: string, columns: number): string {
  const lines = forPeople(text).split('\n').map(printableLine)
  const names = lines.flatMap(line => nameOf(line)?.name ?? [])
  const width = Math.max(0, ...names.map(name => stringWidth(name)).filter(size => size <= LONGEST_NAME))
  const out: string[] = []
  let rows: string[][] = []
  const flush = () => {
    out.push(...alignRows(rows, columns))
    rows = []
  }
  for (const line of lines) {
    const isRow = / \| /.test(line) && (line.startsWith(GAP) || nameOf(line) === null)
    if (isRow) {
      rows.push(line.trim().split(CELL))
      continue
    }
    flush()
    out.push(...factLines(line, width, columns))
  }
  flush()
  return out.join('\n')
}

function nameOf(line: string): { name: string; value: string } | null {
  const [, name, value] = /^([a-zA-Z][\w ()%,|-]{0,60}?):(?: (.*))?$/.exec(line) ?? []
  return name === undefined ? null : { name, value: value ?? '' }
}

function factLines(line: string, width: number, columns: number): string[] {
  const fact = nameOf(line)
  if (fact === null) return wrapText(line, columns)
  const { name, value } = fact
  const room = columns - width - GAP.length
  if (value === '') return [name.replaceAll(CELL, ', ')]
  if (stringWidth(name) > width || room < NARROWEST_VALUE)
    return [name, ...wrapText(value, columns - 2).map(text => GAP + text)]
  const [first = '', ...rest] = wrapText(value, room)
  const blank = ' '.repeat(width)
  return [`${pad(name, width)}${GAP}${first}`, ...rest.map(text => `${blank}${GAP}${text}`)]
}

function alignRows(rows: readonly string[][], columns: number): string[] {
  const count = Math.max(0, ...rows.map(row => row.length))
  const widths = Array.from({ length: count }, (_, index) =>
    Math.max(...rows.map(row => stringWidth(row[index] ?? ''))),
  )
  narrow(widths, columns - GAP.length * count)
  return rows.map(row =>
    cut(
      `${GAP}${row.map((text, index) => pad(cut(text, widths[index] ?? 0), widths[index] ?? 0)).join(GAP)}`.trimEnd(),
      columns,
    ),
  )
}

/** Takes room from the widest, as long as they can still be read. */
function narrow(widths: number[], room: number): void {
  for (let excess = widths.reduce((sum, width) => sum + width, 0) - room; excess > 0; excess -= 1) {
    const widest = Math.max(...widths)
    if (widest <= NARROWEST_CELL) return
    widths[widths.indexOf(widest)] = widest - 1
  }
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)))
}
