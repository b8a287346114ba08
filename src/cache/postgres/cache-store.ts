/** The reply cache's store in PostgreSQL, shared by all machines. */
import type { Postgres } from '../../store/postgres.ts'
import type { Query } from '../../store/postgres-driver.ts'
import { numberIn } from '../../store/row.ts'
import { EVICT_EVERY, EVICTED_SHARE, MAX_BYTES, MAX_ENTRIES } from '../bounds.ts'
import type { CacheStore } from '../cache-store.ts'
import { readCacheStats, readEntry, readFlight } from '../rows.ts'
import { CACHE_SQL, POSTGRES_CACHE_MIGRATIONS } from './sql.ts'

export interface PostgresCacheStoreOptions {
  postgres: Postgres
  /** Default 50,000. */
  maxEntries?: number
  /** Bytes of JSON. Default 200 MiB. */
  maxBytes?: number
}

/** Connects at the first use. */
export function createPostgresCacheStore(options: PostgresCacheStoreOptions): CacheStore {
  const { postgres, maxEntries = MAX_ENTRIES, maxBytes = MAX_BYTES } = options
  const { query, transact } = postgres.tables('cache', POSTGRES_CACHE_MIGRATIONS)
  let answers = 0

  async function makeRoom(): Promise<void> {
    await query(CACHE_SQL.reap)
    for (;;) {
      const [size] = await query(CACHE_SQL.size)
      const entries = numberIn(size, 'entries')
      if (entries <= maxEntries && numberIn(size, 'bytes') <= maxBytes) return
      await query(CACHE_SQL.evict, [Math.ceil(entries * EVICTED_SHARE)])
    }
  }

  return {
    async look(key) {
      const [row = {}] = await query(CACHE_SQL.look, [key])
      return {
        entry: row.content === null ? null : readEntry(row),
        flight: row.fetching === null ? { state: 'none' } : readFlight(row),
      }
    },
    claim: (key, flightId, seen) =>
      transact(async run => {
        const [claimed] = await run(CACHE_SQL.claim, [key, flightId])
        if (claimed === undefined) return false
        // Checked under the lease, so that an answer stored while waiting for the lease is seen.
        const [row] = await run(CACHE_SQL.isUnchanged, [key, seen])
        if (row?.unchanged === true) return true
        await run(CACHE_SQL.leave, [key, flightId])
        return false
      }),
    renew: async (key, flightId) => void (await query(CACHE_SQL.renew, [key, flightId])),
    async end(key, flightId, end) {
      if (end.kind === 'failed') return void (await query(CACHE_SQL.fail, [key, flightId, end.failure]))
      if (end.kind === 'abandoned') return void (await query(CACHE_SQL.leave, [key, flightId]))
      const { retrievedAt, uselessAt, creditsSpent, content } = end.entry
      await transact(async (run: Query) => {
        // Locks the lease first, so that a caller waiting for it also waits for the answer.
        await run(CACHE_SQL.leave, [key, flightId])
        await run(CACHE_SQL.keep, [key, flightId, retrievedAt, uselessAt, creditsSpent, content])
      })
      if (answers++ % EVICT_EVERY === 0) await makeRoom()
    },
    count: async ({ hits, misses, creditsSaved }) => void (await query(CACHE_SQL.count, [hits, misses, creditsSaved])),
    stats: async () => readCacheStats((await query(CACHE_SQL.totals))[0]),
    // The pool belongs to the process and outlives the store.
    close: async () => undefined,
  }
}
