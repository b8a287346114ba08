/** Owns a ledger's file in tests: a fresh one each, opened as many times as there are processes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Clock } from '../../src/limits/clock.ts'
import type { Allowance, Ledger } from '../../src/limits/ledger.ts'
import { LEDGER_MIGRATIONS } from '../../src/limits/ledger-sql.ts'
import { createSqliteLedger } from '../../src/limits/sqlite-ledger.ts'
import { openSqlite, type SqliteDatabase } from '../../src/store/sqlite.ts'

/** A ledger's file. */
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
  const connect = (): SqliteDatabase =>
    openSqlite({ file: path.join(folder, 'ledger.db'), durability: 'normal', migrations: LEDGER_MIGRATIONS })
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
