/** The reply cache's store in one SQLite file, shared by all processes of a user. */
import { whenFree } from '../../store/busy.ts'
import { identityOf, isDamage, setAside } from '../../store/damage.ts'
import { numberIn } from '../../store/row.ts'
import { inTransaction, isBusy, openSqlite, type SqliteDatabase } from '../../store/sqlite.ts'
import type { Clock } from '../../time/clock.ts'
import { EVICT_EVERY, EVICTED_SHARE, MAX_BYTES, MAX_ENTRIES } from '../bounds.ts'
import { type CacheStore, LEASE_MS } from '../cache-store.ts'
import { readCacheStats, readEntry, readFlight } from '../rows.ts'
import { CACHE_MIGRATIONS, type CacheStatements, prepareCache } from './sql.ts'

/** A statement that waits for a lock blocks the event loop; `whenFree` does the rest. */
const BUSY_TIMEOUT_MS = 5

/** For a lock: what the cache saves is not worth a longer wait. */
const PATIENCE_MS = 500

/** After a lock that lasted, every use tries once without waiting, so that a call with several uses waits once. */
const IMPATIENT_MS = 5_000

export interface SqliteCacheStoreOptions {
  /** Created with its folder at the first use, readable by the owner only. */
  file: string
  clock: Clock
  /** Called with the new name of a damaged file that was set aside. */
  onSetAside?: (file: string) => void
  /** Default 50,000. */
  maxEntries?: number
  /** Bytes of JSON. Default 200 MiB. */
  maxBytes?: number
}

/**
 * Opens the file at the first use, and tries again at the next if that fails. A damaged file is set aside, and a new one
 * takes its place. Commits survive a crash of the process; a
 * power cut may lose the last ones.
 */
export function createSqliteCacheStore(options: SqliteCacheStoreOptions): CacheStore {
  const { file, clock, onSetAside = () => undefined, maxEntries = MAX_ENTRIES, maxBytes = MAX_BYTES } = options
  let opened: OpenFile | undefined
  let answers = 0
  let impatientUntil = Number.NEGATIVE_INFINITY

  async function use<T>(work: (open: OpenFile) => T): Promise<T> {
    const identity = opened?.identity ?? identityOf(file)
    let used: OpenFile | undefined
    const attempt = async (): Promise<T> => {
      const patienceMs = performance.now() < impatientUntil ? 0 : PATIENCE_MS
      try {
        return await whenFree(() => {
          opened ??= openFile(file)
          used = opened
          return work(opened)
        }, patienceMs)
      } catch (error) {
        if (isBusy(error)) impatientUntil = performance.now() + IMPATIENT_MS
        throw error
      }
    }
    try {
      return await attempt()
    } catch (error) {
      if (!isDamage(error)) throw error
      if (used === opened) replace(used?.identity ?? identity)
      return attempt()
    }
  }

  function replace(identity: string | null): void {
    opened?.database.close()
    opened = undefined
    const aside = setAside(file, identity, clock.now())
    if (aside !== null) onSetAside(aside)
  }

  function change<T>(work: (sql: CacheStatements) => T): Promise<T> {
    return use(({ database, sql }) => inTransaction(database, () => work(sql)))
  }

  /** The heartbeats of flights that are alive. */
  function life(): { alive: number; now: number } {
    const now = clock.monotonic()
    return { alive: now - LEASE_MS, now }
  }

  function evict(sql: CacheStatements): void {
    for (;;) {
      const size = sql.size.get()
      const entries = numberIn(size, 'entries')
      if (entries <= maxEntries && numberIn(size, 'bytes') <= maxBytes) return
      sql.evict.run({ wallNow: clock.now(), count: Math.ceil(entries * EVICTED_SHARE) })
    }
  }

  return {
    look: key =>
      use(({ sql }) => {
        const entry = sql.entry.get(key)
        const flight = sql.flight.get({ key, ...life() })
        return { entry: entry ? readEntry(entry) : null, flight: flight ? readFlight(flight) : { state: 'none' } }
      }),
    claim: (key, flightId, seen) =>
      change(sql => {
        sql.reap.run(life())
        return sql.claim.run({ key, flightId, seen, now: clock.monotonic() }).changes === 1
      }),
    renew: (key, flightId) => change(sql => void sql.renew.run({ key, flightId, now: clock.monotonic() })),
    async end(key, flightId, end) {
      try {
        await change(sql => {
          if (end.kind === 'failed') sql.fail.run({ key, flightId, failure: end.failure, now: clock.monotonic() })
          else sql.leave.run({ key, flightId })
          if (end.kind === 'answered') sql.keep.run({ key, flightId, ...end.entry })
        })
      } catch (error) {
        // A disk too full for the answer often has room for this; otherwise all callers wait until the lease ends.
        await change(sql => sql.leave.run({ key, flightId }))
        throw error
      }
      if (end.kind === 'answered' && answers++ % EVICT_EVERY === 0) await change(evict)
    },
    count: ({ hits, misses, creditsSaved }) => change(sql => void sql.count.run({ hits, misses, creditsSaved })),
    stats: () => use(({ sql }) => readCacheStats(sql.totals.get())),
    async close() {
      opened?.database.close()
    },
  }
}

interface OpenFile {
  identity: string | null
  database: SqliteDatabase
  sql: CacheStatements
}

function openFile(file: string): OpenFile {
  const database = openSqlite({
    file,
    durability: 'normal',
    migrations: CACHE_MIGRATIONS,
    busyTimeoutMs: BUSY_TIMEOUT_MS,
    openTimeoutMs: BUSY_TIMEOUT_MS,
  })
  return { identity: identityOf(file), database, sql: prepareCache(database) }
}
