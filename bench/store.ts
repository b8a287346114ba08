/**
 * Measures reservations per second in PostgreSQL, and what each one writes to disk: `npm run bench:store [-- URL]`.
 * Without a URL it starts Debian's PostgreSQL with its defaults (`synchronous_commit` and `fsync` on).
 */

import { createPostgresLedger } from '../src/limits/ledger/postgres/ledger.ts'
import { POSTGRES_LEDGER_MIGRATIONS } from '../src/limits/ledger/postgres/sql.ts'
import { createPostgres } from '../src/store/postgres.ts'
import { openPool } from '../src/store/postgres-driver.ts'
import { numberIn } from '../src/store/row.ts'
import { systemClock } from '../src/time/clock.ts'
import { startPostgres } from '../test/support/postgres-server.ts'
import { quantile } from './quantile.ts'

const SECONDS = 10

/** The largest tier with unlimited calls: nothing may be refused here. */
const ALLOWANCE = { callsPerMinute: 100_000, creditsPerMonth: 10_000_000, creditResetDay: null }

const [url] = process.argv.slice(2)
const server = url === undefined ? await startPostgres({}) : null
const address = url ?? server?.url() ?? ''
try {
  await measure('1 key, 1 caller', 1, 1)
  await measure('1 key, 16 callers', 1, 16)
  await measure('1,000 keys, 32 callers', 1_000, 32)
  await tellSizes()
} finally {
  await server?.remove()
}

/** Each caller reserves and settles one call after another, with each key in turn, until time is up. */
async function measure(name: string, keys: number, callers: number): Promise<void> {
  // Two pools, as with two processes.
  const pools = [createPostgres(() => openPool(address)), createPostgres(() => openPool(address))] as const
  const run = `${name} ${Date.now()}`
  const ledgers = Array.from({ length: keys }, (_, key) =>
    createPostgresLedger({
      postgres: pools[key % 2] ?? pools[0],
      account: `${run} ${key}`,
      allowance: ALLOWANCE,
      clock: systemClock,
    }),
  )
  // The first call of a key creates its account, which must not be measured.
  for (const ledger of ledgers) await ledger.usage()
  const times: number[] = []
  let next = 0
  const start = performance.now()
  const end = start + SECONDS * 1_000
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() < end) {
        const ledger = ledgers[next++ % ledgers.length]
        const asked = performance.now()
        const grant = await ledger?.acquire(`${name} ${next}`, 1)
        if (!grant?.granted) throw new Error(`refused: ${grant?.reason}`)
        times.push(performance.now() - asked)
      }
    }),
  )
  const seconds = (performance.now() - start) / 1_000
  const at = (share: number): string => quantile(times, share).toFixed(1)
  for (const pool of pools) await pool.close()
  console.log(
    `${name.padEnd(24)} ${(times.length / seconds).toFixed(0).padStart(6)} reservations/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
  )
}

async function tellSizes(): Promise<void> {
  const postgres = createPostgres(() => openPool(address))
  const { query } = postgres.tables('ledger', POSTGRES_LEDGER_MIGRATIONS)
  const [settings] = await query(
    `SELECT version(), current_setting('synchronous_commit') AS sync, current_setting('fsync') AS fsync`,
  )
  const [size] = await query(
    `SELECT count(*) AS calls, pg_total_relation_size('mcp1688_calls') AS bytes FROM mcp1688_calls`,
  )
  console.log(
    `a recorded call: ${Math.round(numberIn(size, 'bytes') / numberIn(size, 'calls'))} bytes, indexes included`,
  )
  console.log(`synchronous_commit ${settings?.sync}, fsync ${settings?.fsync}; ${settings?.version}`)
  await postgres.close()
}
