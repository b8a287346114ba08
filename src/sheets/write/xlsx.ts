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

/** An XLSX file with one sheet. Text cells have the type text, which no spreadsheet runs as a formula. */
export async function xlsxOf(columns: readonly SheetColumn[], rows: readonly SheetRow[]): Promise<Uint8Array> {
  const { default: writeXlsx } = await import('write-excel-file/node')
  const head = ['picture', ...columns.map(({ name }) => name)]
  const body = rows.map(({ cells, picture }) => [
    { value: '', type: String, ...(picture ? { height: ROW_HEIGHT } : {}) },
    ...columns.map((column, index) => cellOf(column, cells[index] ?? null)),
  ])
  const images = rows.flatMap(({ picture }, index) => {
    if (!picture) return []
    const { mediaType: contentType, bytes, ...size } = picture
    return [{ ...size, contentType, content: Buffer.from(bytes), anchor: { row: index + 2, column: 1 }, dpi: DPI }]
  })
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
