import { EMPTY_CELL, type Sheet, type TableRow, trimCells } from './table.ts'
import { BROKEN, readLines } from './text-file.ts'

/** Reads the file twice: objects may have different keys, and the columns come first. */
export async function openJsonLines(file: string, encoding: string): Promise<Sheet> {
  const columns = new Set<string>()
  for await (const { value } of readObjects(file, encoding)) {
    for (const key of Object.keys(value ?? {})) columns.add(key)
  }
  return { name: '', columns: [...columns], isDelimited: false, rows: () => readRows(file, encoding, [...columns]) }
}

async function* readRows(file: string, encoding: string, columns: readonly string[]): AsyncGenerator<TableRow> {
  for await (const { line, value, isBroken } of readObjects(file, encoding)) {
    const cells = trimCells(columns.map(column => (value?.[column] == null ? EMPTY_CELL : { value: value[column] })))
    if (!value) yield { line, reason: 'Not a JSON object.' }
    else if (isBroken) yield { line, reason: `The row has bytes that are not valid ${encoding}.` }
    else if (cells) yield { line, cells }
  }
}

async function* readObjects(
  file: string,
  encoding: string,
): AsyncGenerator<{ line: number; value: Record<string, unknown> | null; isBroken: boolean }> {
  let line = 0
  for await (const text of readLines(file, encoding)) {
    line++
    if (text.trim() !== '') yield { line, value: parseObject(text), isBroken: text.includes(BROKEN) }
  }
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
