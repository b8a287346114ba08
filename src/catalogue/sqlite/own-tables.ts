/** Restores the tables of own.db beside those of offers, as far as their rows can be read. */
import { nullableNumberIn, type Row } from '../../store/row.ts'
import { inTransaction, type SqliteDatabase } from '../../store/sqlite.ts'
import { OWN_TABLES } from './schema.ts'

/** Rows that are read at once; where that fails, each by itself. */
const CHUNK_ROWS = 64

/** A row that is in both is the one of `from`. A table that `from` lacks, or whose end cannot be found, adds none. */
export function copyOwnTables(from: SqliteDatabase, to: SqliteDatabase): void {
  for (const table of OWN_TABLES) copyTable(from, to, table)
}

function copyTable(from: SqliteDatabase, to: SqliteDatabase, table: string): void {
  const last = lastIdOf(from, table)
  const read = (first: number, end: number): Row[] | null => {
    try {
      return from.prepare(`SELECT * FROM ${table} WHERE id BETWEEN ? AND ?`).all(first, end)
    } catch {
      return null
    }
  }
  for (let first = 1; first <= last; first += CHUNK_ROWS) {
    const ids = Array.from({ length: CHUNK_ROWS }, (_, index) => first + index)
    const rows = read(first, first + CHUNK_ROWS - 1) ?? ids.flatMap(id => read(id, id) ?? [])
    inTransaction(to, () => {
      for (const row of rows) put(to, table, row)
    })
  }
}

function lastIdOf(database: SqliteDatabase, table: string): number {
  try {
    return nullableNumberIn(database.prepare(`SELECT max(id) AS id FROM ${table}`).get(), 'id') ?? 0
  } catch {
    return 0
  }
}

/** What does not fit the table's types and checks is noise that happens to be read as a row. */
function put(to: SqliteDatabase, table: string, { id: _id, ...row }: Row): void {
  const columns = Object.keys(row)
  const values = Object.values(row).map(value =>
    typeof value === 'string' || typeof value === 'number' ? value : null,
  )
  try {
    to.prepare(
      `INSERT OR REPLACE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    ).run(...values)
  } catch {}
}
