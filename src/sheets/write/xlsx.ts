import type { Cell } from './csv.ts'

/** In points: a picture of 160 pixels fits at 96 dots per inch. */
const ROW_HEIGHT = 122

/** Pixels per inch at which a sheet draws pictures. */
const DPI = 96

/** In characters. */
const PICTURE_WIDTH = 23

export interface SheetColumn {
  name: string
  /** In characters. */
  width: number
  /** `money` is decimal text, kept exact to the last digit. */
  kind: 'plain' | 'wrapped' | 'money'
}

export interface SheetPicture {
  /** Shown by programs that draw no pictures. */
  title: string
  mediaType: string
  bytes: Uint8Array
  /** Pixels. */
  width: number
  height: number
}

export interface SheetRow {
  cells: readonly Cell[]
  /** Drawn in a separate first column. */
  picture: SheetPicture | null
}

export interface PlacedPicture {
  /** Of `rows`, counted from 0. */
  row: number
  /** Counted from 0. */
  column: number
  picture: SheetPicture
}

/** An XLSX file that is read back as it was written: text stays text, and each picture lies over its cell. */
export async function plainXlsxOf(
  names: readonly string[],
  rows: readonly (readonly Cell[])[],
  pictures: readonly PlacedPicture[],
): Promise<Uint8Array> {
  const { default: writeXlsx } = await import('write-excel-file/node')
  const tall = new Set(pictures.map(({ row }) => row))
  const body = rows.map((cells, row) =>
    cells.map((value, column) => {
      if (column === 0 && tall.has(row)) return { value: String(value ?? ''), type: String, height: ROW_HEIGHT }
      return value === null ? null : { value, type: typeof value === 'number' ? Number : String }
    }),
  )
  const head = names.map(value => ({ value, type: String, fontWeight: 'bold' as const }))
  const images = pictures.map(({ row, column, picture }) => imageOf(picture, row + 2, column + 1))
  return writeXlsx([head, ...body], { stickyRowsCount: 1, images }).toBuffer()
}

/** Counted from 1. */
function imageOf({ mediaType: contentType, bytes, ...size }: SheetPicture, row: number, column: number) {
  return { ...size, contentType, content: Buffer.from(bytes), anchor: { row, column }, dpi: DPI }
}

/** An XLSX file with one sheet. Text cells have the type text, which no spreadsheet runs as a formula. */
export async function xlsxOf(columns: readonly SheetColumn[], rows: readonly SheetRow[]): Promise<Uint8Array> {
  const { default: writeXlsx } = await import('write-excel-file/node')
  const head = ['picture', ...columns.map(({ name }) => name)]
  const body = rows.map(({ cells, picture }) => [
    { value: '', type: String, ...(picture ? { height: ROW_HEIGHT } : {}) },
    ...columns.map((column, index) => cellOf(column, cells[index] ?? null)),
  ])
  const images = rows.flatMap(({ picture }, index) => (picture ? [imageOf(picture, index + 2, 1)] : []))
  const names = head.map(value => ({ value, type: String, fontWeight: 'bold' as const }))
  return writeXlsx([names, ...body], {
    columns: [{ width: PICTURE_WIDTH }, ...columns.map(({ width }) => ({ width }))],
    stickyRowsCount: 1,
    images,
  }).toBuffer()
}

function cellOf({ kind }: SheetColumn, value: Cell) {
  if (value === null) return null
  if (typeof value === 'number') return { value, type: Number }
  if (kind === 'money') return { value: Number(value), type: Number, format: '#,##0.00###' }
  return { value, type: String, wrap: kind === 'wrapped' }
}
