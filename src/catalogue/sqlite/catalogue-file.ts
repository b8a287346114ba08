/** Access to the catalogue's open file: waits for other processes, maps errors, and counts versions. */
import path from 'node:path'
import { hasCode } from '../../errors.ts'
import { whenFree } from '../../store/busy.ts'
import { createKeptReads, type KeepReads } from '../../store/kept-reads.ts'
import { numberIn } from '../../store/row.ts'
import { inTransaction, openSqlite, type SqliteDatabase, type SqliteOptions } from '../../store/sqlite.ts'
import { storeUnavailable } from '../../store/unavailable.ts'
import { CATALOGUE_MIGRATIONS } from './schema.ts'

/**
 * How long a statement itself waits for a lock, in milliseconds: short, because it blocks the event loop; `whenFree`
 * does the rest.
 */
const BUSY_TIMEOUT_MS = 5

/** All methods reject with AppError `store_unavailable` if the file cannot be used, and after `close`. */
export interface CatalogueFile {
  readonly database: SqliteDatabase
  /** Within `read`, for what every call asks. */
  readonly keepReads: KeepReads
  /** Repeats the statements while another process holds the lock. */
  read<T>(work: () => T): Promise<T>
  /** Runs statements in one transaction, which stamp `version` on every offer they change. */
  write<T>(work: (version: number) => T): Promise<T>
  /**
   * Like `write`, but on disk before it resolves: for data that was paid for and would cost again after a power cut.
   */
  writeSafely<T>(work: (version: number) => T): Promise<T>
  /** Like `write`, but a power cut may lose it, whatever the file's durability: nothing waits for the disk. */
  writeSoon<T>(work: (version: number) => T): Promise<T>
  close(): void
}

/**
 * Commits survive a crash of the process, but a power cut may lose the last ones (`synchronous = NORMAL`): nearly all
 * of the data can be fetched again at no cost, and a sync per vector would block the event loop. {@link
 * CatalogueFile.writeSafely} is for the rest.
 * @throws AppError `store_unavailable`.
 */
export function openCatalogueFile(
  file: string,
  {
    durability = 'normal',
    migrations = CATALOGUE_MIGRATIONS,
    ...options
  }: Partial<Pick<SqliteOptions, 'durability' | 'migrations' | 'openTimeoutMs' | 'mustOutliveCopies'>> = {},
): CatalogueFile {
  const database = openSqlite({ file, durability, migrations, busyTimeoutMs: BUSY_TIMEOUT_MS, ...options })
  const nextVersion = database.prepare('UPDATE state SET version = version + 1 RETURNING version')

  const read = async <T>(work: () => T): Promise<T> => {
    try {
      return await whenFree(work)
    } catch (error) {
      throw isStoreError(error) ? storeUnavailable(path.basename(file), error) : error
    }
  }
  const { keepReads, writes } = createKeptReads(database, file)
  const transact = <T>(work: (version: number) => T): T => {
    writes()
    return inTransaction(database, () => work(numberIn(nextVersion.get(), 'version')))
  }
  const transactAs = <T>(other: 'full' | 'normal', work: (version: number) => T): Promise<T> =>
    read(() => {
      if (other !== durability) database.exec(`PRAGMA synchronous = ${other}`)
      try {
        return transact(work)
      } finally {
        if (other !== durability) database.exec(`PRAGMA synchronous = ${durability}`)
      }
    })
  return {
    database,
    keepReads,
    read,
    write: work => read(() => transact(work)),
    writeSafely: work => transactAs('full', work),
    writeSoon: work => transactAs('normal', work),
    close() {
      if (database.isOpen) database.close()
    },
  }
}

/** Errors of either driver: from SQLite itself, or from using a closed file. */
function isStoreError(error: unknown): boolean {
  return hasCode(error, 'ERR_SQLITE_ERROR', 'ERR_INVALID_STATE')
}
