/** Results of reads that stay in memory until their SQLite file changes: a repeated call then costs no query. */
import { LRUCache } from 'lru-cache'
import { numberIn } from './row.ts'
import type { SqliteDatabase } from './sqlite.ts'

const MAX_KEPT = 500

/** Runs `read` unless the result under this key is kept. Synchronous; a result is shared, so nobody may change it. */
export type KeepReads = <T>() => (key: string, read: () => T) => T

/**
 * A query costs several times as much as asking SQLite whether another connection or process has changed the file.
 * @param ownWrites counts the transactions of this connection.
 */
export function createKeptReads(database: SqliteDatabase, ownWrites: () => number): KeepReads {
  const byOthers = database.prepare('PRAGMA data_version')
  return <T>() => {
    const kept = new LRUCache<string, { value: T }>({ max: MAX_KEPT })
    let [keptVersion, keptWrites] = [-1, -1]
    return (key: string, read: () => T): T => {
      const [version, writes] = [numberIn(byOthers.get(), 'data_version'), ownWrites()]
      if (version !== keptVersion || writes !== keptWrites) kept.clear()
      keptVersion = version
      keptWrites = writes
      const known = kept.get(key)
      if (known) return known.value
      const value = read()
      kept.set(key, { value })
      return value
    }
  }
}
