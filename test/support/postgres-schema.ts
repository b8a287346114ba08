/** Schemas of a test's own in a PostgreSQL, with a clock that the test moves: their `clock_timestamp()` is found before the real one. */
import { createPostgres, type Postgres } from '../../src/store/postgres.ts'
import { openPool, type PostgresDriver } from '../../src/store/postgres-driver.ts'
import type { PostgresServer } from './postgres-server.ts'

/** A schema, empty at first; it stays until its server goes. */
export interface PostgresSchema {
  /** Connects as one more process would. */
  connect(): Postgres
  /** All rows of a table, as text. */
  rowsOf(table: string): Promise<string>
  /** Closes all connections. */
  close(): Promise<void>
}

let schemas = 0

/** Makes a schema. @param now its time, milliseconds since 1970. */
export async function createSchema(server: PostgresServer, now: () => number): Promise<PostgresSchema> {
  const schema = `test_${process.pid}_${schemas++}`
  const own = await openPool(server.url(schema))
  await own.run(query =>
    query(`
      CREATE SCHEMA ${schema};
      CREATE FUNCTION ${schema}.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
        AS $$ SELECT to_timestamp(current_setting('test.now')::numeric / 1000) $$`),
  )
  const opened: Postgres[] = []
  return {
    connect() {
      const postgres = createPostgres(async () => withTime(await openPool(server.url(schema)), now))
      opened.push(postgres)
      return postgres
    },
    async rowsOf(table) {
      return JSON.stringify(await own.run(query => query(`SELECT t::text FROM ${table} AS t`)))
    },
    async close() {
      for (const postgres of opened) await postgres.close()
      await own.end()
    },
  }
}

/** Tells each connection the time before it works. */
function withTime(driver: PostgresDriver, now: () => number): PostgresDriver {
  return {
    ...driver,
    run: (work, leave) =>
      driver.run(async query => {
        await query(`SELECT set_config('test.now', $1, false)`, [String(now())])
        return work(query)
      }, leave),
  }
}
