/** Reads the first sheet of an XLSX file. */
import { readFile, stat } from 'node:fs/promises'
import { type Table, type TableRow, unreadable } from './table.ts'

/** The largest XLSX file that is read, in bytes: it is unpacked in memory, to ten times its size. */
const MAX_BYTES = 20_000_000

/**
 * Opens an XLSX file.
 * @throws AppError `invalid_input` where it is too large or broken.
 */
export async function readXlsx(file: string): Promise<Table> {
  const { size } = await stat(file)
  if (size > MAX_BYTES) throw unreadable(`a spreadsheet of more than ${MAX_BYTES / 1_000_000} MB`)
  const [header = [], ...rows] = await readSheetRows(await readFile(file))
  return { columns: header.map(cell => String(cell ?? '')), rows: numberRows(rows) }
}

async function readSheetRows(bytes: Buffer<ArrayBuffer>): Promise<unknown[][]> {
  // The "universal" build unpacks with one small library; the "node" build brings streams and a worker of its own.
  const { readSheet } = await import('read-excel-file/universal')
  try {
    return await readSheet(new Blob([bytes]))
  } catch (error) {
    throw unreadable('a broken spreadsheet', error)
  }
}

async function* numberRows(rows: readonly unknown[][]): AsyncGenerator<TableRow> {
  for (const [index, cells] of rows.entries()) {
    if (cells.some(cell => cell !== null)) yield { line: index + 2, cells }
  }
}
