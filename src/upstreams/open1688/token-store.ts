/**
 * The file of access and refresh tokens. SQLite rather than a lock file: the kernel holds its lock, so one process
 * refreshes at a time, a killed process blocks nobody, and new tokens are written in the step that releases the lock.
 */
import { createCopier } from '../../store/copies/copies.ts'
import { isDamage } from '../../store/damage.ts'
import { nullableNumberIn, nullableTextIn, textIn } from '../../store/row.ts'
import { isBusy, openSqlite } from '../../store/sqlite.ts'
import { type Repair, storeUnavailable } from '../../store/unavailable.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { type Clock, sleep } from '../../time/clock.ts'

export interface Tokens {
  accessToken: string | null
  refreshToken: string
  /** Milliseconds since 1970; `null` if unknown. */
  expiresAt: number | null
}

/** The tokens of one authorisation, shared by all processes with the same file. */
export interface TokenStore {
  /** `null` if nothing is configured and nothing was authorised. */
  read(): Tokens | null
  /**
   * Runs `work` in one process at a time and stores the tokens it returns; if it throws, the old ones stay.
   * @throws AppError `store_unavailable` if another process holds the lock longer than `tokenLock`.
   */
  update(work: (current: Tokens | null) => Promise<Tokens>): Promise<Tokens>
  close(): void
}

const LOCK_PAUSE_MS = 50

/** Opening blocks the event loop. */
const OPEN_LOCKED_MS = 100

const TOKENS_REPAIR: Repair = {
  command: 'mcp-1688 authorize open1688 --restore',
  otherwise: 'Authorise the application again with mcp-1688 authorize open1688; the damaged file is then set aside.',
}

const MIGRATIONS = [
  'CREATE TABLE tokens (origin TEXT PRIMARY KEY, access_token TEXT, refresh_token TEXT NOT NULL, expires_at INTEGER) STRICT',
]

export interface TokenStoreOptions {
  /** Readable by its owner only; created if missing. */
  file: string
  /** Identifies the settings that the authorisation came from. */
  origin: string
  /** The tokens of the settings, used until the first refresh. */
  configured: Tokens | null
  clock: Clock
}

/** @throws AppError `store_unavailable`. */
export function openTokenStore({ file, origin, configured, clock }: TokenStoreOptions): TokenStore {
  // Waiting inside SQLite would block the event loop.
  const database = openSqlite({
    file,
    durability: 'full',
    migrations: MIGRATIONS,
    busyTimeoutMs: 0,
    openTimeoutMs: OPEN_LOCKED_MS,
    repair: TOKENS_REPAIR,
  })
  const copier = createCopier({ database, file, now: clock.now })
  const damaged = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw isDamage(error) ? storeUnavailable(file, error, TOKENS_REPAIR) : error
    }
  }
  const select = database.prepare('SELECT access_token, refresh_token, expires_at FROM tokens WHERE origin = ?')
  const replace = database.prepare('INSERT OR REPLACE INTO tokens VALUES (?, ?, ?, ?)')

  const read = (): Tokens | null => {
    const row = damaged(() => select.get(origin))
    if (!row) return configured
    return {
      accessToken: nullableTextIn(row, 'access_token'),
      refreshToken: textIn(row, 'refresh_token'),
      expiresAt: nullableNumberIn(row, 'expires_at'),
    }
  }

  const lock = async (): Promise<void> => {
    const deadline = clock.monotonic() + CALL_BUDGET.tokenLock.callerMs
    for (;;) {
      try {
        return database.exec('BEGIN IMMEDIATE')
      } catch (error) {
        if (!isBusy(error) || clock.monotonic() > deadline) throw storeUnavailable(file, error, TOKENS_REPAIR)
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
        // At once: the platform may have replaced the refresh token that an older copy has.
        copier.changed()
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
