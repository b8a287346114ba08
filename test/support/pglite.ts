/** A PostgreSQL in WebAssembly with pgvector, for the SQL of vectors where no server has the extension. One connection: work takes turns. */
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import type { PostgresDriver, Query } from '../../src/store/postgres-driver.ts'
import type { Row } from '../../src/store/row.ts'

/** The database of one test file. */
export interface LitePostgres {
  /** A driver as one more process would have; its end does not end the database. @param schema where tables are made. */
  driver(schema: string): PostgresDriver
  query: Query
  end(): Promise<void>
}

/** Starts it, which takes some seconds. */
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
