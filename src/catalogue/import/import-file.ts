/**
 * Imports a user's own offers. The caller can show the columns before any row is read; bad rows are reported, good ones
 * kept.
 */
import path from 'node:path'
import { AppError } from '../../errors.ts'
import { quoted } from '../../offers/text.ts'
import { openTable } from '../../sheets/read/open-table.ts'
import type { OwnImports } from '../owners.ts'
import type { ColumnUse } from './columns/columns.ts'
import { separated } from './columns/field-of.ts'
import { type FoundTable, findTable } from './columns/header.ts'
import type { ColumnMapping } from './columns/mapping.ts'
import type { ImportField } from './columns/names.ts'
import { currencyOfPrices } from './columns/price-currency.ts'
import { currencyOfSheet } from './columns/sheet-currency.ts'
import { survey } from './columns/survey.ts'
import { listPictures, matchPictures, NO_NAMED_PICTURES } from './named-pictures.ts'
import type { FindRate, UsedRate } from './rates.ts'
import { namedRows } from './rows/names.ts'
import { createPictureKeeper } from './rows/pictures.ts'
import { type AcceptedRow, type RejectedRow, readRows } from './rows/read-rows.ts'
import type { RowContext } from './rows/row.ts'
import { createSentFolder, type SentPictures } from './sent-pictures.ts'
import { createUpdate, type ImportChanges } from './update.ts'
import { unitOfColumn } from './values/pack-cell.ts'

const BATCH_OFFERS = 200

export interface ImportFile {
  columns: readonly ColumnUse[]
  /** Picture files of the folder that are named like no row, or that were sent and no row read so far has used. */
  unmatchedPictures(): readonly string[]
  /** The addresses of the pictures inside the sheet that were kept so far. */
  keptPictures: ReadonlySet<string>
  /** Can be read once. */
  rows: AsyncIterable<AcceptedRow | RejectedRow>
}

export interface ConvertedPrices extends UsedRate {
  prices: number
}

/** What is said of the rows of a file. */
export interface SheetReport {
  /** Of rows that can be imported. */
  notes: RejectedRow[]
  /** Prices that are kept in their own currency, since no rate is known, by currency. */
  unconverted: Readonly<Record<string, number>>
  /** How many prices each rate turned into CNY. */
  converted: readonly ConvertedPrices[]
  rejected: RejectedRow[]
}

export interface ImportReport extends SheetReport {
  imported: number
  changes: ImportChanges
  /** Of imported offers, by ID. */
  lines: ReadonlyMap<string, number>
  /** Pictures that offers had before, or that were kept for rows which were left out. */
  droppedPictures: readonly string[]
}

export interface OpenOptions {
  /** Resolves to the address of a picture that lies inside the sheet. @throws AppError `picture_unreadable`. */
  keepPicture(bytes: Uint8Array): Promise<string>
  /** Whether the file: URL is that of a picture which an earlier sheet brought. */
  isKept(address: string): Promise<boolean>
  /** Of a text file; by default it is recognised by content. */
  encoding?: string | undefined
  /** The folder whose files the sheet may name as pictures, or the files that were sent with it. Default: its folder. */
  pictures?: string | SentPictures | undefined
  /** Whether files of `pictures` that are named like a row are pictures of it. */
  matchesNames?: boolean
  /** The sheet of a workbook to read. Default: the one whose header has most columns that are known. */
  sheet?: string | undefined
  /** What the user says the columns are. */
  mapping?: ColumnMapping | undefined
  /** Default: prices in other currencies are kept as quoted only. */
  findRate?: FindRate | undefined
  /** The name of the catalogue that the offers are for; `null` for the one without. */
  catalogue?: string | null
}

/**
 * Opens a CSV, JSON Lines or XLSX file; columns/names.ts lists the column names, rows/row.ts says what a row needs.
 * @throws AppError `invalid_input` if it is another kind of file, or has no column for titles or for pictures.
 */
export async function openImportFile(file: string, options: OpenOptions): Promise<ImportFile> {
  const table = await openTable(file, options.encoding)
  try {
    const given = options.pictures ?? path.dirname(path.resolve(file))
    const files = typeof given === 'string' ? given : createSentFolder(given)
    const listed = options.matchesNames && typeof files === 'string' ? await listPictures(files) : null
    const found = await findTable(table, {
      mapping: options.mapping,
      sheet: options.sheet,
      hasPictureFiles: listed !== null && listed.size > 0,
    })
    const { rows } = found
    const around = [...found.above, ...found.elsewhere]
    const { mark, notes, currencyColumn, priceCurrencies, unsure } = await survey(rows(), found.columns, around)
    const columns = found.columns.map((use, index) =>
      index === currencyColumn ? { column: use.column, field: 'currency' as const } : use,
    )
    const named = listed === null ? NO_NAMED_PICTURES : await matchPictures(listed, namedRows(rows(), columns))
    const keptPictures = new Set<string>()
    const keepPicture = createPictureKeeper(async bytes => {
      const address = await options.keepPicture(bytes)
      keptPictures.add(address)
      return address
    })
    const ofSheet = currencyOfSheet(found.above, [...notes, ...found.elsewhere], unsure)
    const contextOf = (uses: readonly ColumnUse[]): RowContext => {
      const nameOf = (wanted: ImportField) => separated(uses.find(({ field }) => field === wanted)?.column ?? '')
      return {
        files,
        named,
        keepPicture,
        mark,
        unsure,
        isKept: options.isKept,
        currency: currencyOfPrices({ column: nameOf('price'), sheet: ofSheet, unsure, cells: priceCurrencies }),
        unit: unitOfColumn(nameOf('price')),
        minimumUnit: unitOfColumn(nameOf('moq')),
        findRate: options.findRate ?? (async () => null),
        catalogue: options.catalogue ?? null,
      }
    }
    const read = readRows(rows(), columns, { contextOf, mapping: options.mapping })
    return {
      columns,
      unmatchedPictures: () => (typeof files === 'string' ? named.unmatched : files.unused()),
      keptPictures,
      rows: closedAfter(withOtherSheets(read, found), table.close),
    }
  } catch (error) {
    await table.close()
    throw error
  }
}

export interface ImportOptions {
  /** Milliseconds since 1970. */
  now: number
  signal: AbortSignal
  onStored?: (offers: number) => void
  /** Whether offers that the file does not have are removed. */
  prune?: boolean
}

/**
 * Stores the good rows.
 * @throws AppError of the catalogue, or `cancelled`; offers stored so far stay.
 */
export async function importOffers(
  imports: OwnImports,
  file: ImportFile,
  { now, signal, onStored, prune = false }: ImportOptions,
): Promise<ImportReport> {
  const tally = createTally()
  const update = createUpdate(imports, now)
  let batch: AcceptedRow[] = []
  const flush = async (): Promise<void> => {
    await update.put(batch)
    onStored?.(update.stored())
    batch = []
  }
  for await (const row of file.rows) {
    tally.add(row)
    if ('offer' in row) batch.push(row)
    if (batch.length < BATCH_OFFERS && !signal.aborted) continue
    await flush()
    if (signal.aborted) throw cutShort(update.stored())
  }
  await flush()
  const { rejected, ...rest } = tally.report()
  // A row that could not be read may be of any offer.
  const changes = await update.end(prune && rejected.length === 0)
  // Their files may have been corrected since.
  await imports.forgetFailures()
  const droppedPictures = update.droppedPictures(file.keptPictures)
  return { imported: update.stored(), changes, rejected, lines: update.lines, droppedPictures, ...rest }
}

/** Counts what happens to the rows of a file. */
export function createTally() {
  const rejected: RejectedRow[] = []
  const notes: RejectedRow[] = []
  const unconverted: Record<string, number> = {}
  const converted = new Map<string, ConvertedPrices>()
  return {
    add(row: AcceptedRow | RejectedRow): void {
      if ('reason' in row) return void rejected.push(row)
      notes.push(...row.notes.map(reason => ({ line: row.line, reason })))
      const { price, quoted } = row.offer
      const { rate } = row
      if (rate) converted.set(rate.currency, { ...rate, prices: (converted.get(rate.currency)?.prices ?? 0) + 1 })
      if (price === null && quoted) unconverted[quoted.currency] = (unconverted[quoted.currency] ?? 0) + 1
    },
    report: (): SheetReport => ({
      rejected,
      notes,
      unconverted,
      converted: [...converted.values()],
    }),
  }
}

async function* closedAfter<T>(rows: AsyncIterable<T>, close: () => Promise<void>): AsyncGenerator<T> {
  try {
    yield* rows
  } finally {
    await close()
  }
}

/** Sheets are imported one by one: a second one may be that of last year. */
async function* withOtherSheets(
  rows: AsyncIterable<AcceptedRow | RejectedRow>,
  { sheetName, others }: FoundTable,
): AsyncGenerator<AcceptedRow | RejectedRow> {
  yield* rows
  for (const other of others) {
    const name = quoted(other.sheetName)
    const reason = `The sheet ${name} has offers, too; only ${quoted(sheetName)} was read. Import again with sheet: ${name} for these (on the command line --sheet, in a form sheet_name).`
    yield { line: other.headerLine, reason }
  }
}

function cutShort(imported: number): AppError {
  return new AppError({
    code: 'cancelled',
    message: `Import interrupted; offers stored so far: ${imported}.`,
    hint: 'Import the file again for the rest; no offer is stored twice.',
    retryable: true,
  })
}
