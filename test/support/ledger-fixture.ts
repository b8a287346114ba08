import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import type { Allowance } from '../../src/limits/ledger/allowance.ts'
import type { Ledger } from '../../src/limits/ledger/ledger.ts'
import { createSqliteLedger } from '../../src/limits/ledger/sqlite/ledger.ts'
import { LEDGER_MIGRATIONS } from '../../src/limits/ledger/sqlite/sql.ts'
import { openSqlite, type SqliteDatabase } from '../../src/store/sqlite.ts'
import type { Clock } from '../../src/time/clock.ts'

export interface LedgerFixture {
  /** Opens the file again, as another process would. */
  open(allowance: Allowance, clock: Clock): Ledger
  /** A separate connection, to look inside. */
  readonly database: SqliteDatabase
  /** Deletes the file; ledgers must be closed first. */
  remove(): void
}

/** The file is not synced, because these tests do not cover power cuts. */
export function createLedgerFixture(): LedgerFixture {
  const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-ledger-'))
  const file = path.join(folder, 'ledger.db')
  const connect = (): SqliteDatabase => {
    const database = openSqlite({ file, durability: 'normal', migrations: LEDGER_MIGRATIONS })
    // A lock's holder is in this same thread, so blocking would not help.
    database.exec('PRAGMA busy_timeout = 0')
    return database
  }
  const database = connect()
  return {
    open: (allowance, clock) => createSqliteLedger({ database: connect(), file, allowance, clock }),
    database,
    remove() {
      database.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/**
 * The same in memory, which takes half the time. All ledgers share one connection, which makes no difference, because a
 * transaction ends before the next begins.
 */
export function createMemoryLedgerFixture(): LedgerFixture {
  const database = new DatabaseSync(':memory:')
  for (const step of LEDGER_MIGRATIONS) database.exec(step)
  return {
    open: (allowance, clock) => ({
      ...createSqliteLedger({ database, file: 'memory', allowance, clock }),
      close: async () => undefined,
    }),
    database,
    remove: () => database.close(),
  }
}
