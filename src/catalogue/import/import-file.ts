/**
 * Imports a user's own offers. The caller can show the columns before any row is read; bad rows are reported, good ones
 * kept.
 */
import path from 'node:path'
import { AppError } from '../../errors.ts'
import type { OfferSummary } from '../../offers/offer.ts'
import { openTable } from '../../sheets/read/open-table.ts'
import type { TableRow } from '../../sheets/read/table.ts'
import { type Catalogue, IMPORT_SOURCE } from '../catalogue.ts'
import { type ColumnUse, type ImportField, mapColumns } from './columns.ts'
import { readOfferRow } from './row.ts'

const BATCH_OFFERS = 200

export interface RejectedRow {
  line: number
  reason: string
}

export interface AcceptedRow {
  line: number
  offer: OfferSummary
}

export interface ImportFile {
  columns: readonly ColumnUse[]
  /** Can be read once. */
  rows: AsyncIterable<AcceptedRow | RejectedRow>
}

export interface ImportReport {
  imported: number
  rejected: RejectedRow[]
}

/**
 * Opens a CSV, JSON Lines or XLSX file; columns.ts lists the column names, row.ts what a row needs.
 * @param picturesFolder whose files the sheet may name as pictures; by default the folder of the sheet.
 * @throws AppError `invalid_input` if it is another kind of file, or has no column for titles or for pictures.
 */
export async function openImportFile(
  file: string,
  picturesFolder = path.dirname(path.resolve(file)),
): Promise<ImportFile> {
  const table = await openTable(file)
  const columns = mapColumns(table.columns)
  for (const field of ['title', 'image'] as const) {
    if (!columns.some(column => column.field === field)) throw missingColumn(field)
  }
  return { columns, rows: readRows(table.rows, columns, picturesFolder) }
}

export interface ImportOptions {
  /** Milliseconds since 1970. */
  now: number
  signal: AbortSignal
}

/**
 * Stores the good rows as offers of {@link IMPORT_SOURCE}.
 * @throws AppError of the catalogue, or `cancelled`; offers stored so far stay.
 */
export async function importOffers(
  catalogue: Catalogue,
  file: ImportFile,
  { now, signal }: ImportOptions,
): Promise<ImportReport> {
  const rejected: RejectedRow[] = []
  let imported = 0
  let batch: OfferSummary[] = []
  const flush = async (): Promise<void> => {
    await catalogue.putOffers(IMPORT_SOURCE, batch, now)
    imported += batch.length
    batch = []
  }
  for await (const row of file.rows) {
    if ('reason' in row) rejected.push(row)
    else batch.push(row.offer)
    if (batch.length < BATCH_OFFERS && !signal.aborted) continue
    await flush()
    if (signal.aborted) throw cutShort(imported)
  }
  await flush()
  return { imported, rejected }
}

async function* readRows(
  rows: AsyncIterable<TableRow>,
  columns: readonly ColumnUse[],
  folder: string,
): AsyncGenerator<AcceptedRow | RejectedRow> {
  const lineOfId = new Map<string, number>()
  for await (const row of rows) {
    if ('reason' in row) {
      yield row
      continue
    }
    const { line } = row
    const read = await readRow(line, cellsByField(row.cells, columns), folder)
    if ('reason' in read) {
      yield read
      continue
    }
    const sameAs = lineOfId.get(read.offer.offerId)
    if (sameAs !== undefined) yield { line, reason: `Same offer as line ${sameAs}.` }
    else yield read
    lineOfId.set(read.offer.offerId, sameAs ?? line)
  }
}

async function readRow(
  line: number,
  cells: ReadonlyMap<ImportField, unknown>,
  folder: string,
): Promise<AcceptedRow | RejectedRow> {
  try {
    return { line, offer: await readOfferRow(cells, folder) }
  } catch (error) {
    if (error instanceof AppError) return { line, reason: error.message }
    throw error
  }
}

function cellsByField(cells: readonly unknown[], columns: readonly ColumnUse[]): Map<ImportField, unknown> {
  return new Map(columns.flatMap(({ field }, index) => (field === null ? [] : [[field, cells[index]] as const])))
}

function cutShort(imported: number): AppError {
  return new AppError({
    code: 'cancelled',
    message: `Import interrupted; offers stored so far: ${imported}.`,
    hint: 'Import the file again for the rest; no offer is stored twice.',
    retryable: true,
  })
}

function missingColumn(field: 'title' | 'image'): AppError {
  const what = field === 'title' ? 'titles' : 'pictures'
  const names = field === 'title' ? '"title" or "产品名称"' : '"image" or "图片"'
  return new AppError({
    code: 'invalid_input',
    message: `The file has no recognised column for ${what}.`,
    hint: `Name the column in the first row (in JSON Lines, the key), for example ${names}.`,
  })
}
