import { pipeline, Readable } from 'node:stream'
import type { CsvError, Info } from 'csv-parse'
import { EMPTY_CELL, type Sheet, type TableRow, trimCells } from './table.ts'
import { BROKEN, MAX_LINE_CHARS, readText } from './text-file.ts'

interface CsvRecord {
  record: string[]
  raw: string
  info: Info
}

/** Lines that the delimiter is guessed from. */
const SAMPLE_LINES = 20
const DELIMITERS = [',', ';', '\t', '|']

export function openCsv(file: string, encoding: string): Sheet {
  return { name: '', columns: null, isDelimited: true, rows: () => readRows(file, encoding) }
}

async function* readRows(file: string, encoding: string): AsyncGenerator<TableRow> {
  const { parse } = await import('csv-parse')
  const text = readText(file, encoding)
  const head = String((await text.next()).value ?? '')
  const said = /^sep=(.)\r?\n/.exec(head)?.[1]
  const delimiter = said ?? guessDelimiter(head)
  const problems: TableRow[] = []
  const parser = parse({
    delimiter,
    info: true,
    raw: true,
    ltrim: delimiter !== '\t',
    from_line: said === undefined ? 1 : 2,
    max_record_size: MAX_LINE_CHARS,
    // Otherwise a stray quotation mark inside a title swallows the rows that follow.
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error, raw) => {
      problems.push({ line: lineOf(linesSoFar(error), raw ?? ''), reason: reasonOf(error) })
      return undefined
    },
  })
  // The parser reports whatever ends the reading, so this callback need not.
  pipeline(Readable.from(chain(head, text)), parser, () => undefined)
  const records: AsyncIterable<CsvRecord> = parser
  for await (const { record, raw, info } of records) {
    yield* problems.splice(0)
    const line = lineOf(info.lines, raw)
    const cells = trimCells(record.map(value => (value === '' ? EMPTY_CELL : { value })))
    if (raw.includes(BROKEN)) yield { line, reason: `The row has bytes that are not valid ${encoding}.` }
    else if (cells) yield { line, cells }
  }
  yield* problems
}

async function* chain(head: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield head
  yield* rest
}

/** The one that most lines have, and equally often: titles and prices have commas, too. */
function guessDelimiter(head: string): string {
  const lines = head
    .replaceAll(/"(?:[^"]|"")*"|&#?\w+;/g, '')
    .split(/[\r\n]+/, SAMPLE_LINES)
    .filter(line => line.trim() !== '')
  const score = (delimiter: string): number => {
    const counts = lines.map(line => line.split(delimiter).length - 1)
    const usual = Math.max(0, ...counts)
    return usual === 0 ? 0 : counts.filter(count => count === usual).length / lines.length + usual / 1000
  }
  return DELIMITERS.reduce((best, delimiter) => (score(delimiter) > score(best) ? delimiter : best))
}

/** The line where a record starts; the parser gives the one where it ends. */
function lineOf(lines: number, raw: string): number {
  return lines - (raw.trim().split('\n').length - 1)
}

function linesSoFar(error: CsvError | undefined): number {
  return Number(error?.lines ?? 0)
}

function reasonOf(error: CsvError | undefined): string {
  if (error?.code === 'CSV_QUOTE_NOT_CLOSED') {
    return 'A quotation mark opens here and never closes, so the rest of the file could not be read.'
  }
  return error?.code === 'CSV_MAX_RECORD_SIZE' ? 'The row has more than a million characters.' : 'Not valid CSV.'
}
