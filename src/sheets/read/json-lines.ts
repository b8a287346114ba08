import type { Table, TableRow } from './table.ts'
import { readLines } from './text-file.ts'

/** Reads the file twice: objects may have different keys, and the columns come first. */
export async function readJsonLines(file: string): Promise<Table> {
  const columns = new Set<string>()
  for await (const { value } of readObjects(file)) {
    for (const key of Object.keys(value ?? {})) columns.add(key)
  }
  return { columns: [...columns], rows: readRows(file, [...columns]) }
}

async function* readRows(file: string, columns: readonly string[]): AsyncGenerator<TableRow> {
  for await (const { line, value } of readObjects(file)) {
    if (value) yield { line, cells: columns.map(column => value[column]) }
    else yield { line, reason: 'Not a JSON object.' }
  }
}

async function* readObjects(file: string): AsyncGenerator<{ line: number; value: Record<string, unknown> | null }> {
  let line = 0
  for await (const text of readLines(file)) {
    line++
    if (text.trim() !== '') yield { line, value: parseObject(text) }
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
