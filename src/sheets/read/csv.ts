import { pipeline, Readable } from 'node:stream'
import type { CsvError, Info } from 'csv-parse'
import type { Table, TableRow } from './table.ts'
import { readText } from './text-file.ts'

interface CsvRecord {
  record: string[]
  raw: string
  info: Info
}

/** The delimiter is the comma, semicolon or tab, whichever is most frequent in the first line. */
export async function readCsv(file: string): Promise<Table> {
  const { parse } = await import('csv-parse')
  const text = readText(file)
  const head = String((await text.next()).value ?? '')
  const problems: TableRow[] = []
  const parser = parse({
    delimiter: guessDelimiter(head),
    info: true,
    raw: true,
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
  const records: AsyncIterator<CsvRecord> = parser[Symbol.asyncIterator]()
  const header = await records.next()
  const columns = header.done ? [] : header.value.record
  return { columns, rows: readRows(records, columns.length, problems) }
}

async function* readRows(
  records: AsyncIterator<CsvRecord>,
  width: number,
  problems: TableRow[],
): AsyncGenerator<TableRow> {
  for (let next = await records.next(); !next.done; next = await records.next()) {
    yield* problems.splice(0)
    const { record, raw, info } = next.value
    const line = lineOf(info.lines, raw)
    if (record.length <= width) yield { line, cells: record }
    else yield { line, reason: `The row has ${record.length} cells, but the header has ${width}.` }
  }
  yield* problems
}

async function* chain(head: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield head
  yield* rest
}

function guessDelimiter(head: string): string {
  const [firstLine = ''] = head.split(/[\r\n]/, 1)
  const count = (delimiter: string): number => firstLine.split(delimiter).length
  return [';', '\t'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best), ',')
}

/** The line where a record starts; the parser gives the one where it ends. */
function lineOf(lines: number, raw: string): number {
  return lines - (raw.trim().split('\n').length - 1)
}

function linesSoFar(error: CsvError | undefined): number {
  return Number(error?.lines ?? 0)
}

function reasonOf(error: CsvError | undefined): string {
  return error?.code === 'CSV_QUOTE_NOT_CLOSED'
    ? 'A quotation mark opens here and never closes, so the rest of the file could not be read.'
    : 'Not valid CSV.'
}
