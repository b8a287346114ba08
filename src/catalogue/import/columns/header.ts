/** Finds where the offers begin: below a title, on another sheet, or under a header of two rows. */
import { AppError } from '../../../errors.ts'
import type { Cell, Sheet, TableFile, TableRow } from '../../../sheets/read/table.ts'
import { type ColumnMapping, type ColumnUse, mapColumns } from './columns.ts'

/** Titles, addresses and instructions above a table hardly take more. */
const SEARCHED_ROWS = 20
const SHOWN_COLUMNS = 12
const SHOWN_CHARS = 40

export interface FoundTable {
  columns: readonly ColumnUse[]
  /** Those below the header. */
  rows(): AsyncIterable<TableRow>
}

interface Candidate extends FoundTable {
  headerLine: number
  /** Whether pictures lie inside the sheet below the header, or beside it: then no column needs to name them. */
  hasPictures: boolean
  /** How many columns are known; the header with the most is the right one. */
  known: number
}

/**
 * @param hasPictureFiles whether files beside the sheet are named like its rows.
 * @throws AppError `invalid_input` that shows the columns seen, if no sheet has one for titles and one for pictures.
 */
export async function findTable(
  { sheets }: TableFile,
  mapping: ColumnMapping | undefined,
  hasPictureFiles: boolean,
): Promise<FoundTable> {
  let best: Candidate | null = null
  let nearest: Candidate | null = null
  for (const sheet of sheets) {
    for (const found of await candidatesIn(sheet, mapping)) {
      const candidate = { ...found, hasPictures: found.hasPictures || hasPictureFiles }
      if (isComplete(candidate) && (best === null || candidate.known > best.known)) best = candidate
      if (nearest === null || candidate.known > nearest.known) nearest = candidate
    }
  }
  if (best) return best
  throw noHeader(nearest)
}

async function candidatesIn(sheet: Sheet, mapping?: ColumnMapping): Promise<Candidate[]> {
  if (sheet.columns !== null) return [candidate(sheet, sheet.columns, 0, mapping)]
  const candidates: Candidate[] = []
  let seen = 0
  let lastPicture = 0
  for await (const row of sheet.rows()) {
    if ('cells' in row) {
      candidates.push(candidate(sheet, row.cells.map(textOf), row.line, mapping))
      if (row.cells.some(({ pictures }) => pictures !== undefined)) lastPicture = row.line
    }
    seen += 1
    if (seen === SEARCHED_ROWS) break
  }
  return candidates.map(found => ({ ...found, hasPictures: lastPicture > found.headerLine }))
}

function candidate(sheet: Sheet, names: readonly string[], headerLine: number, mapping?: ColumnMapping): Candidate {
  const columns = mapColumns(names, mapping)
  return {
    columns,
    headerLine,
    hasPictures: false,
    known: columns.filter(({ field }) => field !== null).length,
    rows: () => rowsBelow(sheet, headerLine, names.length),
  }
}

async function* rowsBelow(sheet: Sheet, headerLine: number, width: number): AsyncGenerator<TableRow> {
  for await (const row of sheet.rows()) {
    if (row.line <= headerLine) continue
    if (sheet.isDelimited && 'cells' in row && row.cells.length > width) {
      yield { line: row.line, reason: `The row has ${row.cells.length} cells, but the header has ${width}.` }
    } else yield row
  }
}

function textOf({ value }: Cell): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
}

function isComplete(found: Candidate): boolean {
  return missingField(found) === null
}

function missingField({ columns, hasPictures }: Candidate): 'title' | 'image' | null {
  const needed = hasPictures ? (['title'] as const) : (['title', 'image'] as const)
  return needed.find(field => !columns.some(column => column.field === field)) ?? null
}

function noHeader(nearest: Candidate | null): AppError {
  const columns = nearest?.columns ?? []
  const what = nearest && missingField(nearest) === 'image' ? 'pictures' : 'titles'
  const names = what === 'titles' ? '"title" or "产品名称"' : '"image" or "图片"'
  const seen = columns.slice(0, SHOWN_COLUMNS).map(({ column }) => JSON.stringify(column.slice(0, SHOWN_CHARS)))
  return new AppError({
    code: 'invalid_input',
    message: `The file has no recognised column for ${what}. Columns seen: ${seen.join(', ') || 'none'}.`,
    hint: `Name the column in the row above the offers (in JSON Lines, the key), for example ${names}, or say which it is with map: "COLUMN=${what === 'titles' ? 'title' : 'image'}".`,
  })
}
