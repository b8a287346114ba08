/** The PostgreSQL client: a pg pool with a time limit on everything, behind the interface used here. */
import type { Row } from './row.ts'

/** A statement the server parses and plans once per connection, under its name. */
export interface PreparedStatement {
  name: string
  text: string
}

/** Text without values may contain several statements, separated by semicolons. */
export type Query = (
  statement: string | PreparedStatement,
  values?: readonly unknown[],
  /** For statements that take longer than usual. */
  answerWithinMs?: number,
) => Promise<Row[]>

export interface PostgresDriver {
  /**
   * Runs `work` on one connection, which then returns to the pool or, if broken, is closed.
   * @param leave aborting it drops the connection: the running statement rejects here but continues in the server.
   */
  run<T>(work: (query: Query) => Promise<T>, leave?: AbortSignal): Promise<T>
  end(): Promise<void>
}

/**
 * Per pool; `serve` has two (see open-keys.ts). All processes share the database's `max_connections`, by default 100.
 */
const MAX_CONNECTIONS = 8

/**
 * Milliseconds. A statement takes a few; a lock is held for one commit. The client's own limit is for a server that
 * disappeared, and longer than the server's, so that the outcome of a statement the server cancels is known.
 */
const CONNECT_TIMEOUT_MS = 5_000
const LOCK_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 10_000
const IDLE_IN_TRANSACTION_MS = 10_000
const ANSWER_TIMEOUT_MS = 12_000

/** Connects as needed. @param url `postgres://user:password@host:port/database?…` with libpq's options. */
export async function openPool(url: string): Promise<PostgresDriver> {
  const { Pool } = await import('./pg.ts')
  const pool = new Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    application_name: 'mcp-1688',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    // Idle connections must not keep a finished process alive.
    allowExitOnIdle: true,
  })
  // The server may close an idle connection: the next statement opens another.
  pool.on('error', () => undefined)
  return {
    async run(work, leave) {
      const client = await pool.connect()
      let failure: Error | undefined
      // The server may close the connection between statements: the next one fails, which must not end the process.
      const note = (error: Error): void => {
        failure = error
      }
      client.on('error', note)
      const drop = (): void => void client.end()
      if (leave?.aborted) drop()
      leave?.addEventListener('abort', drop)
      const query: Query = async (statement, values = [], answerWithinMs = ANSWER_TIMEOUT_MS) => {
        const named = typeof statement === 'string' ? { text: statement } : statement
        const config = { ...named, values: [...values], query_timeout: answerWithinMs }
        try {
          const { rows } = await client.query<Row>(config)
          return rows
        } catch (error) {
          // After a time-out, late responses could be taken for those of the next statement.
          if (error instanceof Error && !('severity' in error)) failure = error
          throw error
        }
      }
      try {
        return await work(query)
      } finally {
        client.off('error', note)
        leave?.removeEventListener('abort', drop)
        client.release(failure)
      }
    },
    end: () => pool.end(),
  }
}
