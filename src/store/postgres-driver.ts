/** What is needed of a PostgreSQL client, and the one that is used: a pool of pg with a time limit on everything. */
import type { Row } from './row.ts'

/** A statement that the server parses and plans once for each connection; the name stands for the text. */
export interface PreparedStatement {
  name: string
  text: string
}

/** Runs one statement. As text without values it may also be several, separated by semicolons. */
export type Query = (
  statement: string | PreparedStatement,
  values?: readonly unknown[],
  /** Milliseconds; for what takes longer than a statement may. */
  answerWithinMs?: number,
) => Promise<Row[]>

export interface PostgresDriver {
  /**
   * Runs `work` on one connection, which goes back to the pool after, or away where it is broken.
   * @param leave its abort drops the connection: the statement under way rejects here, and goes on in the server.
   */
  run<T>(work: (query: Query) => Promise<T>, leave?: AbortSignal): Promise<T>
  end(): Promise<void>
}

/** Connections of one pool; a server has two (open-keys.ts tells why). Many processes share the server's `max_connections`, by default 100. */
const MAX_CONNECTIONS = 8

/**
 * How long things may take, in milliseconds. A statement here takes some; a lock is held for a commit. The client's own limit is for a server that
 * went away without a word, and longer than the server's, so that a statement which the server will refuse is not left undecided.
 */
const CONNECT_TIMEOUT_MS = 5_000
const LOCK_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 10_000
const IDLE_IN_TRANSACTION_MS = 10_000
const ANSWER_TIMEOUT_MS = 12_000

/** Opens a pool; connections are made as they are needed. @param url `postgres://user:password@host:port/database`, options of libpq behind `?`. */
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
    // A process whose work is done must not wait for idle connections.
    allowExitOnIdle: true,
  })
  // An idle connection that the server ends is no failure: the next statement opens another.
  pool.on('error', () => undefined)
  return {
    async run(work, leave) {
      const client = await pool.connect()
      let failure: Error | undefined
      // Between statements the server may end the connection; the next one then fails, and this must not end the process.
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
          // After a time-out nobody knows what the connection will answer next: it is not used again.
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
