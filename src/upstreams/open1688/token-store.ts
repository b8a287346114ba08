/**
 * The file of the access and refresh tokens. SQLite rather than a lock file: the lock of its transaction is the kernel's, so one process refreshes
 * at a time, a process that is killed holds up nobody, and the new tokens and the end of the lock are one step.
 */
import path from 'node:path'
import { nullableNumberIn, nullableTextIn, textIn } from '../../store/row.ts'
import { isBusy, openSqlite, storeUnavailable } from '../../store/sqlite.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { type Clock, sleep } from '../../time/clock.ts'

/** What an application is authorised with. */
export interface Tokens {
  /** `null` where there is none yet. */
  accessToken: string | null
  refreshToken: string
  /** Milliseconds since 1970; `null` where it is not known. */
  expiresAt: number | null
}

/** The tokens of one authorisation, shared by all processes with the same file. */
export interface TokenStore {
  read(): Tokens
  /**
   * Runs `work` while no other process does; what it gives replaces the tokens, and what it throws leaves them.
   * @throws AppError `store_unavailable` where another process has not ended after the time of `tokenLock`.
   */
  update(work: (current: Tokens) => Promise<Tokens>): Promise<Tokens>
  close(): void
}

const LOCK_PAUSE_MS = 50

const MIGRATIONS = [
  'CREATE TABLE tokens (origin TEXT PRIMARY KEY, access_token TEXT, refresh_token TEXT NOT NULL, expires_at INTEGER) STRICT',
]

export interface TokenStoreOptions {
  /** Readable by the owner only; made where it is missing. */
  file: string
  /** Tells the authorisation (and so the settings that it came from) from all others. */
  origin: string
  /** The tokens of the settings: they hold until they were first replaced. */
  configured: Tokens
  clock: Clock
}

/** Opens the store. @throws AppError `store_unavailable`. */
export function openTokenStore({ file, origin, configured, clock }: TokenStoreOptions): TokenStore {
  const database = openSqlite({ file, durability: 'full', migrations: MIGRATIONS })
  // Waiting inside SQLite would block the event loop.
  database.exec('PRAGMA busy_timeout = 0')
  const select = database.prepare('SELECT access_token, refresh_token, expires_at FROM tokens WHERE origin = ?')
  const replace = database.prepare('INSERT OR REPLACE INTO tokens VALUES (?, ?, ?, ?)')

  const read = (): Tokens => {
    const row = select.get(origin)
    if (!row) return configured
    return {
      accessToken: nullableTextIn(row, 'access_token'),
      refreshToken: textIn(row, 'refresh_token'),
      expiresAt: nullableNumberIn(row, 'expires_at'),
    }
  }

  const lock = async (): Promise<void> => {
    const giveUpAt = clock.monotonic() + CALL_BUDGET.tokenLock.callerMs
    for (;;) {
      try {
        return database.exec('BEGIN IMMEDIATE')
      } catch (error) {
        if (!isBusy(error) || clock.monotonic() > giveUpAt) throw storeUnavailable(path.basename(file), error)
      }
      await sleep(clock, LOCK_PAUSE_MS)
    }
  }

  return {
    read,
    update: async work => {
      await lock()
      try {
        const { accessToken, refreshToken, expiresAt } = await work(read())
        replace.run(origin, accessToken, refreshToken, expiresAt)
        database.exec('COMMIT')
        return { accessToken, refreshToken, expiresAt }
      } catch (error) {
        if (database.isOpen && database.isTransaction) database.exec('ROLLBACK')
        throw error
      }
    },
    close: () => {
      if (database.isOpen) database.close()
    },
  }
}
