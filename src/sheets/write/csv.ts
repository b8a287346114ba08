/** `null` is an empty cell. */
export type Cell = string | number | null

export interface CsvWriter<Column extends string> {
  /** The byte order mark and the column names. */
  readonly head: string
  /** A cell that a row lacks is empty. */
  write(rows: readonly Readonly<Partial<Record<Column, Cell>>>[]): string
}

/** Without it, Excel reads a CSV file in the local code page and garbles Chinese. */
const BYTE_ORDER_MARK = '\uFEFF'

export async function createCsvWriter<Column extends string>(columns: readonly Column[]): Promise<CsvWriter<Column>> {
  const { stringify } = await import('csv-stringify/sync')
  const options = { columns: [...columns], escape_formulas: true, record_delimiter: '\r\n' } as const
  return {
    head: `${BYTE_ORDER_MARK}${columns.join(',')}\r\n`,
    write: rows => stringify([...rows], options),
  }
}
