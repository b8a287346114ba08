/** Results of reads that stay in memory until their SQLite file changes: a repeated call then costs no query. */
import { LRUCache } from 'lru-cache'
import { numberIn } from './row.ts'
import type { SqliteDatabase } from './sqlite.ts'

const MAX_KEPT = 500

/** Runs `read` unless the result under this key is kept. Synchronous; a result is shared, so nobody may change it. */
export type KeepReads = <T>() => (key: string, read: () => T) => T

/** A query costs ten times as much as asking SQLite whether anything has changed since. */
export function createKeptReads(database: SqliteDatabase): KeepReads {
  // Changes by other connections and processes, and by this one.
  const byOthers = database.prepare('PRAGMA data_version')
  const byUs = database.prepare('SELECT total_changes() AS changes')
  const version = () => `${numberIn(byOthers.get(), 'data_version')} ${numberIn(byUs.get(), 'changes')}`
  return <T>() => {
    const kept = new LRUCache<string, { value: T }>({ max: MAX_KEPT })
    let keptAt = ''
    return (key: string, read: () => T): T => {
      const now = version()
      if (now !== keptAt) kept.clear()
      keptAt = now
      const known = kept.get(key)
      if (known) return known.value
      const value = read()
      kept.set(key, { value })
      return value
    }
  }
}
