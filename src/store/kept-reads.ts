/** Results of reads that stay in memory until their SQLite file changes: a repeated call then costs no query. */
import { setImmediate } from 'node:timers'
import { LRUCache } from 'lru-cache'
import { numberIn } from './row.ts'
import { IN_MEMORY, type SqliteDatabase } from './sqlite.ts'

const MAX_KEPT = 500

/** Runs `read` unless the result under this key is kept. Synchronous; a result is shared, so nobody may change it. */
export type KeepReads = <T>() => (key: string, read: () => T) => T

export interface KeptReads {
  readonly keepReads: KeepReads
  /** To be called by the work of each transaction of this connection. */
  writes(): void
}

/** Transactions of this process in each file, whichever connection they came through. */
const writesTo = new Map<string, { count: number }>()

/**
 * A query costs several times as much as asking SQLite whether another connection or process has changed the file, which
 * is asked once in a turn of the event loop: what another process has written since then cannot have been told to anybody
 * here.
 */
export function createKeptReads(database: SqliteDatabase, file: string): KeptReads {
  const own = (file !== IN_MEMORY && writesTo.get(file)) || { count: 0 }
  if (file !== IN_MEMORY) writesTo.set(file, own)
  const byOthers = database.prepare('PRAGMA data_version')
  let version: number | null = null
  const versionInTurn = (): number => {
    if (version === null) {
      version = numberIn(byOthers.get(), 'data_version')
      setImmediate(() => {
        version = null
      })
    }
    return version
  }
  return {
    keepReads: <T>() => {
      const kept = new LRUCache<string, { value: T }>({ max: MAX_KEPT })
      let [keptVersion, keptWrites] = [-1, -1]
      return (key: string, read: () => T): T => {
        const current = versionInTurn()
        if (current !== keptVersion || own.count !== keptWrites) kept.clear()
        keptVersion = current
        keptWrites = own.count
        const known = kept.get(key)
        if (known) return known.value
        const value = read()
        kept.set(key, { value })
        return value
      }
    },
    writes: () => {
      own.count++
    },
  }
}
