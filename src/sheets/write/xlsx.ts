/** Writes XLSX: sheets with a title block, a frozen header with filters, pictures in the rows and links. */
import type { Cell } from './csv.ts'
import { filtersAndLinks, type SheetMarks } from './xlsx-marks.ts'

/** In points: a picture of 160 pixels fits at 96 dots per inch. */
const ROW_HEIGHT = 122

/** In points: what is above the header stays in sight while the rest scrolls, so it is kept low. */
const TITLE_HEIGHT = 60
const LINE_HEIGHT = 15

/** Pixels per inch at which a sheet draws pictures. */
const DPI = 96
const POINTS_PER_INCH = 72

/** In characters, some 166 pixels. */
const PICTURE_WIDTH = 23

/** In pixels: a picture beside the title stays in the first column, and in its row. */
const TITLE_PICTURE = { width: 160, height: (TITLE_HEIGHT * DPI) / POINTS_PER_INCH }

/** Columns that a line of the title block runs across, and the characters that fit there. */
const TITLE_SPAN = 8
const TITLE_CHARS = 130

const HEAD_STYLE = { fontWeight: 'bold', backgroundColor: '#F3E7DF', wrap: true, alignVertical: 'center' } as const

export interface SheetColumn {
  name: string
  /** In characters. */
  width: number
  /** `money` is decimal text, kept exact to the last digit; `percent` is a share of 1; `link` is an address. */
  kind: 'plain' | 'wrapped' | 'money' | 'percent' | 'link'
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
  /** In the order of their columns; `null` for an empty cell. */
  pictures: readonly (SheetPicture | null)[]
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
  const images = pictures.map(({ row, column, picture }) => imageAt(picture, row + 2, column + 1))
  return writeXlsx([head, ...body], { stickyRowsCount: 1, images }).toBuffer()
}

export interface WrittenSheet {
  name: string
  /** Above the header; the first line is large. */
  title: readonly string[]
  /** Beside the title. */
  titlePicture: SheetPicture | null
  /** The headers of the columns with pictures, which come first. */
  pictureColumns: readonly string[]
  columns: readonly SheetColumn[]
  rows: readonly SheetRow[]
}

/** An XLSX file. Text cells have the type text, which no spreadsheet runs as a formula. */
export async function xlsxOf(sheets: readonly WrittenSheet[]): Promise<Uint8Array> {
  const { default: writeXlsx } = await import('write-excel-file/node')
  return writeXlsx(sheets.map(sheetOf), {
    fontFamily: 'Calibri',
    fontSize: 11,
    features: [filtersAndLinks(sheets.map(marksOf))],
  }).toBuffer()
}

function sheetOf(sheet: WrittenSheet) {
  const { name, title, columns, rows, pictureColumns } = sheet
  const names = [...pictureColumns, ...columns.map(column => column.name)]
  const head = names.map(value => ({ value, type: String, ...HEAD_STYLE }))
  const body = rows.map(({ cells, pictures }) => [
    ...pictures.map(picture => ({ value: '', type: String, ...(picture ? { height: ROW_HEIGHT } : {}) })),
    ...columns.map((column, index) => cellOf(column, cells[index] ?? null)),
  ])
  const widths = [...pictureColumns.map(() => PICTURE_WIDTH), ...columns.map(({ width }) => width)]
  return {
    sheet: name,
    data: [...titleRows(sheet), head, ...body],
    columns: widths.map(width => ({ width })),
    orientation: 'landscape' as const,
    stickyRowsCount: title.length + 1,
    images: imagesOf(sheet),
  }
}

/** Beside the columns of pictures, where there are any. */
function titleRows({ title, titlePicture, pictureColumns }: WrittenSheet) {
  return title.map((value, index) => {
    const isFirst = index === 0
    const lines = isFirst ? 1 : Math.ceil(widthOf(value) / TITLE_CHARS)
    const height = isFirst && titlePicture ? TITLE_HEIGHT : isFirst ? LINE_HEIGHT * 1.5 : LINE_HEIGHT * lines
    const style = isFirst ? ({ fontWeight: 'bold', fontSize: 14 } as const) : ({ textColor: '#66625B' } as const)
    const text = {
      value,
      type: String,
      ...style,
      height,
      columnSpan: TITLE_SPAN,
      wrap: true,
      alignVertical: 'center' as const,
    }
    return [...pictureColumns.map(() => null), text]
  })
}

/** In characters: a Chinese one is as wide as two. */
function widthOf(text: string): number {
  return text.length + (text.match(/[\u2e80-\uffef]/g)?.length ?? 0)
}

function imagesOf({ title, titlePicture, rows }: WrittenSheet) {
  const first = title.length + 2
  const inRows = rows.flatMap(({ pictures }, row) =>
    pictures.flatMap((picture, column) => (picture ? [imageAt(picture, first + row, 1 + column)] : [])),
  )
  if (titlePicture === null || title.length === 0) return inRows
  const { width, height } = titlePicture
  const shown = Math.min(1, TITLE_PICTURE.width / width, TITLE_PICTURE.height / height) * height
  return [imageAt(titlePicture, 1, 1, shown), ...inRows]
}

/** Rows and columns are counted from 1. @param shownHeight in pixels. */
function imageAt(picture: SheetPicture, row: number, column: number, shownHeight = picture.height) {
  const { title, mediaType, bytes, width, height } = picture
  const size = { width: Math.round((width * shownHeight) / height), height: Math.round(shownHeight) }
  return { title, ...size, contentType: mediaType, content: Buffer.from(bytes), anchor: { row, column }, dpi: DPI }
}

function cellOf(column: SheetColumn, value: Cell) {
  return value === null ? null : { ...typedCell(column, value), alignVertical: 'center' as const }
}

function typedCell({ kind }: SheetColumn, value: string | number) {
  if (kind === 'percent') return { value: Number(value), type: Number, format: '0.0%' }
  if (typeof value === 'number') return { value, type: Number }
  if (kind === 'money') return { value: Number(value), type: Number, format: '#,##0.00###' }
  if (kind === 'link') return { value, type: String, textColor: '#0B57D0' }
  return { value, type: String, wrap: kind === 'wrapped' }
}

function marksOf({ title, columns, rows, pictureColumns }: WrittenSheet): SheetMarks {
  const first = pictureColumns.length
  const header = title.length + 1
  return {
    filter: { row: header, lastRow: header + rows.length, columns: first + columns.length },
    links: rows.flatMap(({ cells }, row) =>
      columns.flatMap(({ kind }, column) => {
        const target = kind === 'link' ? cells[column] : null
        return typeof target === 'string' && /^https?:/.test(target)
          ? [{ row: header + 1 + row, column: first + column, target }]
          : []
      }),
    ),
  }
}
