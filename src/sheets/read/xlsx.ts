import { readFile, stat } from 'node:fs/promises'
import { type Table, type TableRow, unreadable } from './table.ts'

/** The file is unpacked in memory, to about ten times its size. */
const MAX_BYTES = 20_000_000

/**
 * Reads the first sheet.
 * @throws AppError `invalid_input` if the file is too large or damaged.
 */
export async function readXlsx(file: string): Promise<Table> {
  const { size } = await stat(file)
  if (size > MAX_BYTES) throw unreadable(`a spreadsheet of more than ${MAX_BYTES / 1_000_000} MB`)
  const [header = [], ...rows] = await readSheetRows(await readFile(file))
  return { columns: header.map(cell => String(cell ?? '')), rows: numberRows(rows) }
}

async function readSheetRows(bytes: Buffer<ArrayBuffer>): Promise<unknown[][]> {
  // The "universal" build unpacks with one small library; the "node" build adds streams and a worker.
  const { readSheet } = await import('read-excel-file/universal')
  try {
    return await readSheet(new Blob([bytes]))
  } catch (error) {
    throw unreadable('a damaged spreadsheet', error)
  }
}

async function* numberRows(rows: readonly unknown[][]): AsyncGenerator<TableRow> {
  for (const [index, cells] of rows.entries()) {
    if (cells.some(cell => cell !== null)) yield { line: index + 2, cells }
  }
}
