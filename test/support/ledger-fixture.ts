/** A ledger's file in tests: a fresh one each, opened as many times as there are processes. */
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
  /** Opens the file once more, as another process would. */
  open(allowance: Allowance, clock: Clock): Ledger
  /** A connection of the test's own, to look inside. */
  readonly database: SqliteDatabase
  /** Deletes the file; the ledgers are closed before. */
  remove(): void
}

/** Makes a fresh file. It is not synced: what survives a power cut is not what these tests ask. */
export function createLedgerFixture(): LedgerFixture {
  const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-ledger-'))
  const connect = (): SqliteDatabase => {
    const file = path.join(folder, 'ledger.db')
    const database = openSqlite({ file, durability: 'normal', migrations: LEDGER_MIGRATIONS })
    // A lock's holder is in this very thread: blocking it would not help.
    database.exec('PRAGMA busy_timeout = 0')
    return database
  }
  const database = connect()
  return {
    open: (allowance, clock) => createSqliteLedger({ database: connect(), name: 'ledger.db', allowance, clock }),
    database,
    remove() {
      database.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/**
 * The same in memory, where an hour of transactions takes half the time. All ledgers use one connection, which makes no difference: a transaction runs
 * to its end before the next begins.
 */
export function createMemoryLedgerFixture(): LedgerFixture {
  const database = new DatabaseSync(':memory:')
  for (const step of LEDGER_MIGRATIONS) database.exec(step)
  return {
    open: (allowance, clock) => ({
      ...createSqliteLedger({ database, name: 'memory', allowance, clock }),
      close: async () => undefined,
    }),
    database,
    remove: () => database.close(),
  }
}
