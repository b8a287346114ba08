/** Opens and migrates SQLite files; the SQL lives beside the port it serves. */
import { accessSync, closeSync, constants, lstatSync, openSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { listCopies } from './copies/copies.ts'
import { DamagedFile } from './damage.ts'
import { makeDataDir } from './data-dir.ts'
import { numberIn, type Row, textIn } from './row.ts'
import { NewerFile, NoFile, type Repair, storeUnavailable } from './unavailable.ts'

type SqliteValue = null | number | bigint | string | Uint8Array

/** Positional values, or one object of named values. */
type SqliteParameters = readonly SqliteValue[] | readonly [Readonly<Record<string, SqliteValue>>]

export interface SqliteStatement {
  get(...parameters: SqliteParameters): Row | undefined
  all(...parameters: SqliteParameters): Row[]
  run(...parameters: SqliteParameters): { changes: number | bigint }
}

/** The part of `node:sqlite` used here, from whichever driver, with rows to be read through row.ts. */
export interface SqliteDatabase {
  readonly isOpen: boolean
  readonly isTransaction: boolean
  exec(sql: string): void
  prepare(sql: string): SqliteStatement
  close(): void
}

/** Earlier versions may lose committed rows when several processes write and checkpoint (the WAL-reset bug). */
const SAFE_SQLITE_VERSION = [3, 51, 3] as const

/** Short, since waiting for a lock inside SQLite blocks the event loop: `whenFree` does the rest. */
const BUSY_TIMEOUT_MS = 5

const OPEN_TIMEOUT_MS = 5_000

/** Another connection holds the lock. Extended result codes keep this one in the low byte. */
const SQLITE_BUSY = 5
const LOCKED = 'database is locked'

export const IN_MEMORY = ':memory:'

/** Checked completely when opened, in some 20 ms; damage in a larger file is found by the statement that meets it. */
const CHECKED_BYTES = 8 * 2 ** 20

export interface SqliteOptions {
  /** Created with its folder if missing, both readable by the owner only; or {@link IN_MEMORY}. */
  file: string
  /** `full` survives a power cut (credits), `normal` only a crash of the process (data that can be fetched again). */
  durability: 'full' | 'normal'
  /** In order, never changed once released; `user_version` counts those applied. */
  migrations: readonly string[]
  /** How long a statement waits inside SQLite for another process's lock. Default 5. */
  busyTimeoutMs?: number
  /** The same while opening. Default 5,000, for commands and starts; less where other calls must go on. */
  openTimeoutMs?: number
  /** For the error about a damaged file. */
  repair?: Repair
  /** Whether a missing or empty file is damage where copies of it exist. */
  mustOutliveCopies?: boolean
}

/** Prepares what each open file needs once, for tables whose file is handed in with every call. */
export function preparedOnce<Opened extends object, Prepared>(
  prepare: (opened: Opened) => Prepared,
): (opened: Opened) => Prepared {
  const prepared = new WeakMap<Opened, Prepared>()
  return opened => {
    const known = prepared.get(opened) ?? prepare(opened)
    prepared.set(opened, known)
    return known
  }
}

/**
 * Opens a SQLite file in WAL mode and migrates it; several processes may do so at once.
 * @throws AppError `store_unavailable` if the file cannot be opened, written or migrated, is damaged (see `isDamage`), or
 * is from a newer version.
 */
export function openSqlite(options: SqliteOptions): SqliteDatabase {
  let database: SqliteDatabase | undefined
  try {
    if (options.mustOutliveCopies) refuseEmptied(options.file)
    if (options.file !== IN_MEMORY) makePrivate(options.file)
    database = connect(options.file)
    database.exec(`PRAGMA busy_timeout = ${options.openTimeoutMs ?? OPEN_TIMEOUT_MS}`)
    database.exec('PRAGMA journal_mode = WAL')
    database.exec(`PRAGMA synchronous = ${options.durability === 'full' ? 'FULL' : 'NORMAL'}`)
    database.exec('PRAGMA foreign_keys = ON')
    check(database, options.file)
    migrate(database, options.migrations)
    database.exec(`PRAGMA busy_timeout = ${options.busyTimeoutMs ?? BUSY_TIMEOUT_MS}`)
    return database
  } catch (cause) {
    database?.close()
    throw storeUnavailable(options.file, cause, options.repair)
  }
}

/** Opens a file as it is, without checks or migrations. */
export function connect(file: string): SqliteDatabase {
  const { DatabaseSync } = loadDriver()
  return new DatabaseSync(file)
}

/** Runs `work` in one immediate transaction, rolled back if it throws. */
export function inTransaction<T>(database: SqliteDatabase, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** Runs `work` in a transaction that is always rolled back, so that a read need not wait for the disk. */
export function withoutTrace<T>(database: SqliteDatabase, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    return work()
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK')
  }
}

/** Whether another process holds the lock: nothing was changed, and the transaction can be retried. */
export function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  // What `all()` of `@photostructure/sqlite` throws has no result code.
  const isLock = 'errcode' in error ? (Number(error.errcode) & 0xff) === SQLITE_BUSY : error.message === LOCKED
  return isLock || isBusy(error.cause)
}

/**
 * Does not open an existing file: under POSIX, closing it would release the locks of all this process's connections to
 * it.
 */
function makePrivate(file: string): void {
  makeDataDir(path.dirname(file))
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) {
    closeSync(openSync(file, 'a', 0o600))
    return
  }
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new NoFile(file)
  accessSync(file, constants.R_OK | constants.W_OK)
}

/** Its log may hold what is not in the file yet. */
function refuseEmptied(file: string): void {
  const bytesOf = (each: string) => statSync(each, { throwIfNoEntry: false })?.size ?? 0
  if (bytesOf(file) === 0 && bytesOf(`${file}-wal`) === 0 && listCopies(file).length > 0)
    throw new DamagedFile('the file is missing or empty')
}

function check(database: SqliteDatabase, file: string): void {
  if (file === IN_MEMORY || statSync(file).size > CHECKED_BYTES) return
  const problem = textIn(database.prepare('PRAGMA quick_check(1)').get(), 'quick_check')
  if (problem !== 'ok') throw new DamagedFile(problem)
}

function migrate(database: SqliteDatabase, migrations: readonly string[]): void {
  const version = (): number => numberIn(database.prepare('PRAGMA user_version').get(), 'user_version')
  if (version() === migrations.length) return
  inTransaction(database, () => {
    const done = version()
    if (done > migrations.length)
      throw new NewerFile(`the file has schema ${done}, this version knows ${migrations.length}`)
    for (const step of migrations.slice(done)) database.exec(step)
    database.exec(`PRAGMA user_version = ${migrations.length}`)
  })
}

/** `node:sqlite` if its SQLite is safe, else the npm package with the same API that includes its own SQLite. */
function loadDriver(): { DatabaseSync: new (file: string) => SqliteDatabase } {
  const load: (name: string) => unknown = createRequire(import.meta.url)
  const driver = isSafe(process.versions.sqlite)
    ? withoutWarnings(() => load('node:sqlite'))
    : load('@photostructure/sqlite')
  if (!isDriver(driver)) throw new Error('the SQLite driver has no DatabaseSync')
  return driver
}

function isDriver(module: unknown): module is typeof import('@photostructure/sqlite') {
  return typeof module === 'object' && module !== null && 'DatabaseSync' in module
}

/**
 * Node 22 warns on stderr that `node:sqlite` is experimental; what we use of it is tested on every supported Node
 * version.
 */
function withoutWarnings<T>(work: () => T): T {
  const { emitWarning } = process
  process.emitWarning = () => undefined
  try {
    return work()
  } finally {
    process.emitWarning = emitWarning
  }
}

function isSafe(version: string | undefined): boolean {
  if (version === undefined) return false
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  const [safeMajor, safeMinor, safePatch] = SAFE_SQLITE_VERSION
  if (major !== safeMajor) return major > safeMajor
  return minor !== safeMinor ? minor > safeMinor : patch >= safePatch
}
