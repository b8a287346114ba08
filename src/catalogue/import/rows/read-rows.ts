/** Reads the rows below a header one by one: as an offer, or with the reason why they are left out. */
import { AppError } from '../../../errors.ts'
import type { OfferSummary } from '../../../offers/offer.ts'
import type { Cell, SheetPicture, TableRow } from '../../../sheets/read/table.ts'
import type { ColumnUse } from '../columns/columns.ts'
import { columnsOfHeader } from '../columns/header.ts'
import type { ColumnMapping } from '../columns/mapping.ts'
import { isPictureField, mayBeHeader } from '../columns/names.ts'
import type { UsedRate } from '../rates.ts'
import { cellsByField, stepsIn } from './cell-text.ts'
import { type RowContext, readOfferRow } from './row.ts'

export interface RejectedRow {
  line: number
  reason: string
}

export interface AcceptedRow {
  line: number
  offer: OfferSummary
  /** The ID under which an earlier version may have stored the offer. */
  formerId: string | null
  /** With which the price was turned into CNY; `null` if it was not. */
  rate: UsedRate | null
  /** What of it is unknown although the row says something. */
  notes: string[]
}

interface Reading {
  contextOf(columns: readonly ColumnUse[]): RowContext
  mapping: ColumnMapping | undefined
}

/** The header may come again further down, with other columns. Of rows with the same offer, the first counts. */
export async function* readRows(
  rows: AsyncIterable<TableRow>,
  firstColumns: readonly ColumnUse[],
  { contextOf, mapping }: Reading,
): AsyncGenerator<AcceptedRow | RejectedRow> {
  const lineOfId = new Map<string, number>()
  let columns = firstColumns
  let context = contextOf(columns)
  let isNext = true
  for await (const row of rows) {
    const { line } = row
    const again =
      'cells' in row && mayBeHeader(row.cells) ? columnsOfHeader(row.cells, { before: columns, isNext, mapping }) : null
    isNext = false
    if (again !== null) {
      columns = again
      context = contextOf(columns)
      continue
    }
    const read = 'reason' in row ? row : await readRow(line, row.cells, columns, context)
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
  cells: readonly Cell[],
  columns: readonly ColumnUse[],
  context: RowContext,
): Promise<AcceptedRow | RejectedRow> {
  try {
    const row = { cells: cellsByField(cells, columns), steps: stepsIn(cells, columns) }
    return { line, ...(await readOfferRow(row, picturesElsewhere(cells, columns), context)) }
  } catch (error) {
    if (error instanceof AppError) return { line, reason: error.message }
    throw error
  }
}

/** Pictures may float over any cell. */
function picturesElsewhere(cells: readonly Cell[], columns: readonly ColumnUse[]): SheetPicture[] {
  return cells.flatMap(({ pictures = [] }, index) => (isPictureField(columns[index]?.field) ? [] : pictures))
}
