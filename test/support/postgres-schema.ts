/** A schema per test, with a clock that the test moves: its `clock_timestamp()` is found before the real one. */
import { createPostgres, type Postgres } from '../../src/store/postgres.ts'
import { openPool, type PostgresDriver } from '../../src/store/postgres-driver.ts'
import type { PostgresServer } from './postgres-server.ts'

/** Empty at first; it exists as long as its server. */
export interface PostgresSchema {
  /** Connects as another process would. */
  connect(): Postgres
  /** Runs a statement without a result. */
  run(statement: string): Promise<void>
  /** All rows, as text. */
  rowsOf(table: string): Promise<string>
  close(): Promise<void>
}

let schemas = 0

/** @param now in milliseconds since 1970. */
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
    async run(statement) {
      await own.run(query => query(statement))
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

/** Sets the time of each connection before it works. */
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
