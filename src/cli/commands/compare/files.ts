/** Writes a comparison to files: CSV for any spreadsheet, XLSX with the pictures in it. */
import type { OfferPreview } from '../../../offers/results/results.ts'
import { COMPARE_COLUMNS, type CompareRow, MONEY_COLUMNS } from '../../../shape/compare/rows.ts'
import { createCsvWriter } from '../../../sheets/write/csv.ts'
import { type SheetColumn, xlsxOf } from '../../../sheets/write/xlsx.ts'
import { saveFile } from '../../out-file.ts'

/** In characters; other columns are as wide as a number needs. */
const WIDTHS: Readonly<Record<string, number>> = { title: 40, shop_name: 28, fits: 24, url: 45, image_url: 45 }

export async function writeCompareCsv(file: string, rows: readonly CompareRow[]): Promise<void> {
  const { head, write } = await createCsvWriter(COMPARE_COLUMNS)
  await saveFile(file, head + write(rows))
}

/** @param pictures JPEG. */
export async function writeCompareXlsx(
  file: string,
  rows: readonly CompareRow[],
  pictures: readonly OfferPreview[],
): Promise<void> {
  const columns = COMPARE_COLUMNS.map((name): SheetColumn => {
    const kind = MONEY_COLUMNS.has(name) ? 'money' : name === 'title' ? 'wrapped' : 'plain'
    return { name, width: WIDTHS[name] ?? 14, kind }
  })
  const pictured = new Map(pictures.map(({ offerId, ...picture }) => [offerId, { ...picture, title: offerId }]))
  const sheetRows = rows.map(row => ({
    cells: COMPARE_COLUMNS.map(column => row[column]),
    picture: pictured.get(String(row.offer_id)) ?? null,
  }))
  await saveFile(file, await xlsxOf(columns, sheetRows))
}
