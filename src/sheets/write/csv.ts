/** The value of one cell; `null` is an empty one. */
export type Cell = string | number | null

export interface CsvWriter<Column extends string> {
  /** What the file begins with: the byte order mark and the names of the columns. */
  readonly head: string
  write(rows: readonly Readonly<Record<Column, Cell>>[]): string
}

/** Excel takes a CSV file without this mark for one in the local code page and garbles Chinese. */
const BYTE_ORDER_MARK = '\uFEFF'

export async function createCsvWriter<Column extends string>(columns: readonly Column[]): Promise<CsvWriter<Column>> {
  const { stringify } = await import('csv-stringify/sync')
  const options = { columns: [...columns], escape_formulas: true, record_delimiter: '\r\n' } as const
  return {
    head: `${BYTE_ORDER_MARK}${columns.join(',')}\r\n`,
    write: rows => stringify([...rows], options),
  }
}
