/**
 * PostgreSQL in WebAssembly with pgvector, for SQL on vectors where no server has the extension. It has a single
 * connection.
 */
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import type { PostgresDriver, Query } from '../../src/store/postgres-driver.ts'
import type { Row } from '../../src/store/row.ts'

export interface LitePostgres {
  /** A driver as another process would have; closing it does not close the database. @param schema for new tables. */
  driver(schema: string): PostgresDriver
  query: Query
  end(): Promise<void>
}

/** Takes some seconds. */
export async function startLitePostgres(): Promise<LitePostgres> {
  const database = await PGlite.create({ extensions: { vector } })
  await database.exec('CREATE EXTENSION vector')
  const query: Query = async (statement, values = []) => {
    const text = typeof statement === 'string' ? statement : statement.text
    if (values.length > 0) return (await database.query<Row>(text, [...values])).rows
    return (await database.exec(text)).flatMap(({ rows }) => rows)
  }
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }
  return {
    driver: schema => ({
      run: work =>
        inTurn(async () => {
          await query(`CREATE SCHEMA IF NOT EXISTS ${schema}; SET search_path = ${schema}, public`)
          return work(query)
        }),
      end: async () => undefined,
    }),
    query: (text, values) => inTurn(() => query(text, values)),
    end: () => database.close(),
  }
}
