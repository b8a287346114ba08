/** A SQLite file whose content expires soon anyway. */
import { isStoreUnavailable } from '../errors.ts'
import { whenFree } from './busy.ts'
import { identityOf, isDamage, setAside } from './damage.ts'
import { openSqlite, type SqliteDatabase } from './sqlite.ts'
import { storeUnavailable } from './unavailable.ts'

/** Waiting for a lock while opening blocks the event loop; `whenFree` does the rest. */
const OPEN_LOCKED_MS = 5

export interface ShortLivedFileOptions<Statements> {
  file: string
  migrations: readonly string[]
  prepare: (database: SqliteDatabase) => Statements
  /** Milliseconds since 1970. */
  now: () => number
}

export interface ShortLivedFile<Statements> {
  /** @throws AppError `store_unavailable`. */
  use<T>(work: (sql: Statements) => T): Promise<T>
  close(): void
}

/** Opens at the first use. A damaged file is set aside, and a new one begun. */
export function createShortLivedFile<Statements>(
  options: ShortLivedFileOptions<Statements>,
): ShortLivedFile<Statements> {
  const { file, migrations, prepare, now } = options
  let opened: { identity: string | null; database: SqliteDatabase; sql: Statements } | null = null
  const open = () => {
    const database = openSqlite({ file, durability: 'normal', migrations, openTimeoutMs: OPEN_LOCKED_MS })
    opened = { identity: identityOf(file), database, sql: prepare(database) }
    return opened
  }
  const once = <T>(work: (sql: Statements) => T): Promise<T> => whenFree(() => work((opened ?? open()).sql))
  const replace = (): void => {
    const identity = opened?.identity ?? identityOf(file)
    opened?.database.close()
    opened = null
    setAside(file, identity, now())
  }
  return {
    async use(work) {
      try {
        return await once(work).catch(error => {
          if (!isDamage(error)) throw error
          replace()
          return once(work)
        })
      } catch (cause) {
        throw isStoreUnavailable(cause) ? cause : storeUnavailable(file, cause)
      }
    },
    close: () => opened?.database.close(),
  }
}
