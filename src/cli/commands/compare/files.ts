/** Owns writing a comparison to files: CSV for any spreadsheet, XLSX with the pictures in it. */
import { BYTE_ORDER_MARK, createCsvWriter } from '../../../catalogue/export.ts'
import type { OfferPreview } from '../../../offers/results/results.ts'
import { COMPARE_COLUMNS, type CompareRow, MONEY_COLUMNS } from '../../../shape/compare/rows.ts'
import { saveFile } from '../../out-file.ts'

/** A row with a picture is this high, in points; a picture of 160 pixels fits at 96 dots an inch. */
const ROW_HEIGHT = 122

/** Pixels an inch by which a sheet draws pictures. */
const DPI = 96

/** Width of the columns, in characters; the others are as narrow as a number. */
const WIDTHS: Readonly<Record<string, number>> = {
  picture: 23,
  title: 40,
  shop_name: 28,
  fits: 24,
  url: 45,
  image_url: 45,
}

/** Writes a CSV file. A cell that a spreadsheet would run as a formula gets an apostrophe in front. */
export async function writeCompareCsv(file: string, rows: readonly CompareRow[]): Promise<void> {
  const write = await createCsvWriter(COMPARE_COLUMNS)
  await saveFile(file, `${BYTE_ORDER_MARK}${COMPARE_COLUMNS.join(',')}\r\n${write(rows)}`)
}

/** Writes an XLSX file. Texts are cells of the type text, which no spreadsheet runs. @param pictures JPEG, by offer. */
export async function writeCompareXlsx(
  file: string,
  rows: readonly CompareRow[],
  pictures: readonly OfferPreview[],
): Promise<void> {
  const { default: writeXlsx } = await import('write-excel-file/node')
  const columns = ['picture', ...COMPARE_COLUMNS]
  const pictured = new Map(pictures.map(picture => [picture.offerId, picture]))
  const head = columns.map(value => ({ value, type: String, fontWeight: 'bold' as const }))
  const body = rows.map(row => {
    const height = pictured.has(String(row.offer_id)) ? { height: ROW_HEIGHT } : {}
    return [{ value: '', type: String, ...height }, ...COMPARE_COLUMNS.map(column => cellOf(column, row[column]))]
  })
  const images = rows.flatMap((row, index) => {
    const picture = pictured.get(String(row.offer_id))
    if (!picture) return []
    const { mediaType: contentType, bytes, width, height } = picture
    const place = { anchor: { row: index + 2, column: 1 }, title: String(row.offer_id), dpi: DPI }
    return [{ content: Buffer.from(bytes), contentType, width, height, ...place }]
  })
  const sheet = await writeXlsx([head, ...body], {
    columns: columns.map(column => ({ width: WIDTHS[column] ?? 14 })),
    stickyRowsCount: 1,
    images,
  }).toBuffer()
  await saveFile(file, sheet)
}

function cellOf(column: string, value: string | number | null) {
  if (value === null) return null
  if (typeof value === 'number') return { value, type: Number }
  if (MONEY_COLUMNS.has(column)) return { value: Number(value), type: Number, format: '#,##0.00###' }
  return { value, type: String, wrap: column === 'title' }
}
