/** The connection to PostgreSQL: migrated tables for each port, transactions, and one error for every failure. */
import { AppError } from '../errors.ts'
import type { PostgresDriver, Query } from './postgres-driver.ts'
import { retryable } from './retryable.ts'
import { numberIn } from './row.ts'

/** The advisory lock held while schemas are migrated. */
const MIGRATION_LOCK = 1_688_000_001

/** The database's clock, since those of the hosts may disagree: milliseconds since 1970. */
export const DATABASE_NOW = '(extract(epoch FROM clock_timestamp()) * 1000)::double precision'

/** After a time-out, calls fail at once for this long, instead of each waiting for seconds. */
const REST_MS = 3_000

/** The tables of one port. All methods reject with AppError `store_unavailable` if the database is unavailable. */
export interface PostgresTables {
  /** Runs one statement in its own transaction. */
  query: Query
  /** Runs statements in one transaction, rolled back if `work` throws. */
  transact<T>(work: (query: Query) => Promise<T>): Promise<T>
  /**
   * Runs statements without a time-out, each in its own transaction, for building an index. Closing does not wait for
   * it.
   */
  alone<T>(work: (query: Query) => Promise<T>): Promise<T>
}

/** A connection pool shared by all ports. Connects at the first statement. */
export interface Postgres {
  /**
   * The tables of a port, migrated before its first statement, also if several processes start at once.
   * @param migrations in order, never changed once released. Each only adds, so that the previous version keeps
   * working.
   */
  tables(port: string, migrations: readonly string[]): PostgresTables
  close(): Promise<void>
}

/** @param openDriver called at the first statement, and again after a failure. */
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

/** Does not mention the address, which may contain a password. */
export function databaseUnavailable(cause: unknown): AppError {
  const [what, hint] = REASONS.get(codeOf(cause)) ?? ['cannot be used', 'Check that it runs and has room']
  return new AppError({
    code: 'store_unavailable',
    message: `The database of MCP1688_STORE ${what}; no call is sent uncounted.`,
    hint: `${hint}, then try again.`,
    retryable: true,
    cause,
  })
}

const NO_PGVECTOR: readonly [what: string, hint: string] = [
  'has no extension pgvector, which the catalogue needs',
  'Install pgvector 0.8 or newer on the server (Debian: postgresql-17-pgvector; in Docker: pgvector/pgvector), or set MCP1688_STORE to one that has it',
]

/** Failures with a known fix, by SQLSTATE or system error code. */
const REASONS: ReadonlyMap<string, readonly [what: string, hint: string]> = new Map([
  ['ECONNREFUSED', ['cannot be reached', 'Check that it runs at the address that MCP1688_STORE names']],
  ['ENOTFOUND', ['cannot be found', 'Check the host name in MCP1688_STORE']],
  ['28P01', ['refuses the user or the password', 'Check both in MCP1688_STORE']],
  ['28000', ['refuses the user', "Check the user in MCP1688_STORE and the server's pg_hba.conf"]],
  ['3D000', ['does not exist', 'Create it with createdb']],
  [
    '42501',
    [
      'does not let this user create tables',
      'Grant the user CREATE on the schema, or make it the owner of the database',
    ],
  ],
  ['58P01', NO_PGVECTOR],
  ['0A000', NO_PGVECTOR],
  // An unknown type: older versions of pgvector lack halfvec.
  ['42704', NO_PGVECTOR],
  ['53300', ['has no connection left', 'Raise max_connections or run fewer processes']],
  ['57P03', ['is starting or stopping', 'Wait some seconds']],
  ['53100', ['has a full disk', 'Make room']],
  ['SCHEMA_NEWER', ['was set up by a newer version of mcp-1688', 'Run that version or a newer one']],
])

/** A failure with a code of {@link REASONS}. */
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

/** Errors reported by the server have a severity; its time-outs concern one statement only. */
function isSilence(error: unknown): boolean {
  return (
    error instanceof Error && !(error instanceof AppError) && !('severity' in error) && /timeout/i.test(error.message)
  )
}

/** SQLSTATEs of a statement that is wrong, or does not fit its values or tables. */
const OUR_MISTAKES = /^(22|23|42)/

/** Errors of the server or the connection; anything else is a bug and must surface as one. */
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
    // A lost connection has nothing to roll back, and the first error says why it was lost.
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
