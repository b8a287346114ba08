/** The connection to PostgreSQL: a pool, each port's tables brought up to date, transactions, and one error for all that can go wrong. */
import { AppError } from '../errors.ts'
import type { PostgresDriver, Query } from './postgres-driver.ts'
import { numberIn } from './row.ts'

/** Names the lock under which schemas are migrated, in the database's own numbering of advisory locks. */
const MIGRATION_LOCK = 1_688_000_001

/** SQL for the database's own clock, for the hosts' may disagree: milliseconds since 1970. */
export const DATABASE_NOW = '(extract(epoch FROM clock_timestamp()) * 1000)::double precision'

/** How long nothing is asked of a database that did not answer in time, in milliseconds: meanwhile calls end at once, not each after seconds. */
const REST_MS = 3_000

/** The tables of one port. All methods reject with AppError `store_unavailable` where the database cannot be used. */
export interface PostgresTables {
  /** Runs one statement, which is a transaction of its own. */
  query: Query
  /** Runs statements in one transaction; what `work` throws rolls it back and is passed on. */
  transact<T>(work: (query: Query) => Promise<T>): Promise<T>
  /** Runs statements on one connection without a time-out, each a transaction of its own: for building an index. Closing does not wait for it. */
  alone<T>(work: (query: Query) => Promise<T>): Promise<T>
}

/** A pool of connections to one database, shared by the ports that are given it. Nothing is connected before the first statement. */
export interface Postgres {
  /**
   * The tables of a port, brought up to date before its first statement; any number of processes may do so at once.
   * @param migrations steps of the schema, in order and never changed once released. A step only adds, so that the version before it can go on.
   */
  tables(port: string, migrations: readonly string[]): PostgresTables
  close(): Promise<void>
}

/** Makes the connection. @param openDriver opens it; called at the first statement, and again after it failed. */
export function createPostgres(openDriver: () => Promise<PostgresDriver>): Postgres {
  const driver = retryable(openDriver)
  const closing = new AbortController()
  let silent: { cause: unknown; restsUntil: number } | null = null

  const withSession = async <T>(work: (query: Query) => Promise<T>, leave?: AbortSignal): Promise<T> => {
    if (closing.signal.aborted) throw databaseUnavailable(new Error('closed'))
    if (silent && performance.now() < silent.restsUntil) throw databaseUnavailable(silent.cause)
    try {
      const { run } = await driver.get()
      return await run(work, leave)
    } catch (error) {
      if (isSilence(error)) silent = { cause: error, restsUntil: performance.now() + REST_MS }
      return rethrow(error)
    }
  }
  return {
    tables(port, migrations) {
      const upToDate = retryable(() =>
        withSession(query => inTransaction(query, () => migrate(query, port, migrations))),
      )
      const ready = async <T>(work: (query: Query) => Promise<T>, leave?: AbortSignal): Promise<T> => {
        await upToDate.get()
        return withSession(work, leave)
      }
      return {
        query: (...args) => ready(query => query(...args)),
        transact: work => ready(query => inTransaction(query, () => work(query))),
        alone: work =>
          ready(async query => {
            await query('SET statement_timeout = 0')
            try {
              return await work(query)
            } finally {
              await query('RESET statement_timeout')
            }
          }, closing.signal),
      }
    },
    async close() {
      closing.abort()
      await (await driver.opened())?.end()
    },
  }
}

/** The error for a database that cannot be used. Its text tells nothing of the address, which may hold a password. */
export function databaseUnavailable(cause: unknown): AppError {
  const [what, hint] = REASONS.get(codeOf(cause)) ?? ['cannot be used', 'Check that it runs and has room']
  return new AppError({
    code: 'store_unavailable',
    message: `The database of MCP1688_STORE ${what}; nothing goes out uncounted.`,
    hint: `${hint}, then try again.`,
    retryable: true,
    cause,
  })
}

const NO_PGVECTOR: readonly [what: string, hint: string] = [
  'has no extension pgvector, which the catalogue needs',
  'Install pgvector 0.8 or newer on the server (Debian: postgresql-17-pgvector; in Docker: pgvector/pgvector), or set MCP1688_STORE to one that has it',
]

/** What a person can mend, by SQLSTATE or the system's code. */
const REASONS: ReadonlyMap<string, readonly [what: string, hint: string]> = new Map([
  ['ECONNREFUSED', ['cannot be reached', 'Check that it runs at the address that MCP1688_STORE names']],
  ['ENOTFOUND', ['cannot be found', 'Check the host name in MCP1688_STORE']],
  ['28P01', ['refuses the user or the password', 'Check both in MCP1688_STORE']],
  ['28000', ['refuses the user', "Check the user in MCP1688_STORE and the server's pg_hba.conf"]],
  ['3D000', ['does not exist', 'Create it with createdb']],
  [
    '42501',
    [
      'does not let this user make its tables',
      'Grant the user CREATE on the schema, or make it the owner of the database',
    ],
  ],
  ['58P01', NO_PGVECTOR],
  ['0A000', NO_PGVECTOR],
  // A type is unknown: an older pgvector has none for halves.
  ['42704', NO_PGVECTOR],
  ['53300', ['has no connection left', 'Raise max_connections or run fewer processes']],
  ['57P03', ['is starting or stopping', 'Wait some seconds']],
  ['53100', ['has a full disk', 'Make room']],
  ['SCHEMA_NEWER', ['was set up by a newer version of mcp-1688', 'Run that version or a newer one']],
])

/** A failure that has a code of {@link REASONS}. */
class CodedError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}

function rethrow(error: unknown): never {
  throw error instanceof AppError || !isDatabaseError(error) ? error : databaseUnavailable(error)
}

/** Whether nobody answered: errors that the server itself tells have a severity, and what it tells of a time-out is about one statement. */
function isSilence(error: unknown): boolean {
  return (
    error instanceof Error && !(error instanceof AppError) && !('severity' in error) && /timeout/i.test(error.message)
  )
}

/** SQLSTATEs of a statement that is wrong in itself or does not fit its values or tables. */
const OUR_MISTAKES = /^(22|23|42)/

/** Errors of the server and of the way to it; anything else is a bug and must stay one. */
function isDatabaseError(error: unknown): error is Error {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) return false
  if (OUR_MISTAKES.test(codeOf(error)) && !REASONS.has(codeOf(error))) return false
  return 'code' in error || /connect|terminated|timeout|closed|ended/i.test(error.message)
}

async function inTransaction<T>(query: Query, work: () => Promise<T>): Promise<T> {
  await query('BEGIN')
  try {
    const result = await work()
    await query('COMMIT')
    return result
  } catch (error) {
    // Where the connection is gone there is nothing to roll back, and the first error tells why.
    await query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

async function migrate(query: Query, port: string, migrations: readonly string[]): Promise<void> {
  await query('SELECT pg_advisory_xact_lock($1::bigint)', [MIGRATION_LOCK])
  await query('CREATE TABLE IF NOT EXISTS mcp1688_schema (port text PRIMARY KEY, steps integer NOT NULL)')
  const [row] = await query('SELECT steps FROM mcp1688_schema WHERE port = $1', [port])
  const done = row ? numberIn(row, 'steps') : 0
  if (done > migrations.length)
    throw new CodedError('SCHEMA_NEWER', `${port} has schema ${done} of ${migrations.length}`)
  for (const step of migrations.slice(done)) await query(step)
  await query('INSERT INTO mcp1688_schema VALUES ($1, $2) ON CONFLICT (port) DO UPDATE SET steps = excluded.steps', [
    port,
    migrations.length,
  ])
}

/** Work that is done once, and again where it failed. */
function retryable<T>(work: () => Promise<T>) {
  let doing: Promise<T> | null = null
  return {
    get(): Promise<T> {
      doing ??= work().catch(error => {
        doing = null
        throw error
      })
      return doing
    },
    /** What came of it, if it was begun; `null` where it failed. */
    opened: async (): Promise<T | null> => (await doing?.catch(() => null)) ?? null,
  }
}
