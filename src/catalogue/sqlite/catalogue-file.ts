/** Access to the catalogue's open file: waiting for other processes, one error for all that can go wrong, and the version. */
import path from 'node:path'
import { whenFree } from '../../store/busy.ts'
import { numberIn } from '../../store/row.ts'
import { inTransaction, openSqlite, type SqliteDatabase, storeUnavailable } from '../../store/sqlite.ts'
import { CATALOGUE_MIGRATIONS } from './schema.ts'

/** How long a statement itself waits for a lock, in milliseconds: short, for it holds up the event loop; `whenFree` does the rest. */
const BUSY_TIMEOUT_MS = 5

/** The open file. All methods reject with AppError `store_unavailable` where it cannot be used, or after `close`. */
export interface CatalogueFile {
  readonly database: SqliteDatabase
  /** Runs statements, again while another process holds the lock. */
  read<T>(work: () => T): Promise<T>
  /** Runs statements in one transaction; `version` is to be stamped on each offer that is touched. */
  write<T>(work: (version: number) => T): Promise<T>
  /** As `write`, and on the disk before it resolves: for what was paid for and would cost again after a power cut. */
  writeSafely<T>(work: (version: number) => T): Promise<T>
  close(): void
}

/**
 * Opens the file. Commits survive a crash of the process; a power cut may lose the last ones (`synchronous = NORMAL`), for nearly all of
 * it can be had again free of charge and a sync for each vector would hold up the event loop. {@link CatalogueFile.writeSafely} is for the rest.
 * @throws AppError `store_unavailable`.
 */
export function openCatalogueFile(file: string): CatalogueFile {
  const database = openSqlite({ file, durability: 'normal', migrations: CATALOGUE_MIGRATIONS })
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
  const nextVersion = database.prepare('UPDATE state SET version = version + 1 RETURNING version')

  const read = async <T>(work: () => T): Promise<T> => {
    try {
      return await whenFree(work)
    } catch (error) {
      throw isStoreError(error) ? storeUnavailable(path.basename(file), error) : error
    }
  }
  const transact = <T>(work: (version: number) => T): T =>
    inTransaction(database, () => work(numberIn(nextVersion.get(), 'version')))
  return {
    database,
    read,
    write: work => read(() => transact(work)),
    writeSafely: work =>
      read(() => {
        database.exec('PRAGMA synchronous = FULL')
        try {
          return transact(work)
        } finally {
          database.exec('PRAGMA synchronous = NORMAL')
        }
      }),
    close() {
      if (database.isOpen) database.close()
    },
  }
}

/** Errors of either driver: of SQLite itself, or of using a closed file. */
function isStoreError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ERR_SQLITE_ERROR' || error.code === 'ERR_INVALID_STATE')
  )
}
