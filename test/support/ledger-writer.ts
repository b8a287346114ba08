/**
 * A process that only reserves, for tests that kill it or break its disk. Arguments: file, durability, credits per
 * month, calls.
 */
import { writeSync } from 'node:fs'
import { createSqliteLedger } from '../../src/limits/ledger/sqlite/ledger.ts'
import { LEDGER_MIGRATIONS } from '../../src/limits/ledger/sqlite/sql.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { systemClock } from '../../src/time/clock.ts'

const [file = '', durability, credits = '0', tries = '0'] = process.argv.slice(2)
const allowance = { callsPerMinute: null, creditsPerMonth: Number(credits), creditResetDay: null }
const database = openSqlite({
  file,
  durability: durability === 'full' ? 'full' : 'normal',
  migrations: LEDGER_MIGRATIONS,
})
const ledger = createSqliteLedger({ database, file, allowance, clock: systemClock })

/** Reaches the test even if this process is killed right afterwards. */
const tell = (line: string): void => void writeSync(1, `${line}\n`)

tell('ready')
for (let call = 0; call < Number(tries); call++) {
  try {
    const grant = await ledger.acquire(`${process.pid}-${call}`, 1)
    if (!grant.granted) break
    tell(String(grant.callId))
  } catch {
    tell('failed')
  }
}
tell('done')
