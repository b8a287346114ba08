/** A reply of named facts (`price: 2.88 CNY`) as a person reads it: names on the left, wrapped values, aligned rows. */
import stringWidth from 'string-width'
import { printableLine } from './printable.ts'
import { cut } from './table.ts'

const GAP = '  '

/** A longer name gets a line to itself. */
const LONGEST_NAME = 22

/** Below this, a value begins under its name. */
const NARROWEST_VALUE = 30

const CELL = ' | '

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** @param columns width of the terminal. */
export function factsText(text: string, columns: number): string {
  const lines = text.split('\n').map(printableLine)
  const names = lines.flatMap(line => nameOf(line)?.name ?? [])
  const width = Math.max(0, ...names.map(name => stringWidth(name)).filter(size => size <= LONGEST_NAME))
  const out: string[] = []
  let rows: string[][] = []
  const flush = () => {
    out.push(...alignRows(rows, columns))
    rows = []
  }
  for (const line of lines) {
    if (/^ {2}\S.* \| /.test(line)) {
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
  return rows.map(row =>
    cut(`${GAP}${row.map((text, index) => pad(text, widths[index] ?? 0)).join(GAP)}`.trimEnd(), columns),
  )
}

/** At blanks; a word that is wider than the line is cut between characters. */
function wrapText(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    for (const piece of piecesOf(word, width)) {
      const joined = line === '' ? piece : `${line} ${piece}`
      if (stringWidth(joined) <= width) line = joined
      else {
        lines.push(line)
        line = piece
      }
    }
  }
  return [...lines, line]
}

function piecesOf(word: string, width: number): string[] {
  if (stringWidth(word) <= width) return [word]
  const pieces = ['']
  for (const { segment } of graphemes.segment(word)) {
    const last = pieces.at(-1) ?? ''
    if (last !== '' && stringWidth(last + segment) > width) pieces.push(segment)
    else pieces[pieces.length - 1] = last + segment
  }
  return pieces
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)))
}
