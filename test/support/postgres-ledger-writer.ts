/**
 * A process that reserves until the credits are used up, for tests that kill it or the server. Arguments: URL, credits
 * per month.
 */
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPostgresLedger } from '../../src/limits/ledger/postgres/ledger.ts'
import { createPostgres } from '../../src/store/postgres.ts'
import { openPool } from '../../src/store/postgres-driver.ts'
import { systemClock } from '../../src/time/clock.ts'

const [url = '', credits = '0'] = process.argv.slice(2)
const allowance = { callsPerMinute: null, creditsPerMonth: Number(credits), creditResetDay: null }
const postgres = createPostgres(() => openPool(url))
const ledger = createPostgresLedger({ postgres, account: 'upstream:test', allowance, clock: systemClock })

/** Reaches the test even if this process is killed right afterwards. */
const tell = (line: string): void => void writeSync(1, `${line}\n`)

tell('ready')
for (let call = 0; ; call++) {
  try {
    const grant = await ledger.acquire(`${process.pid}-${call}`, 1)
    if (!grant.granted) break
    tell(String(grant.callId))
  } catch {
    tell('failed')
    await sleep(50)
  }
}
tell('done')
await postgres.close()
