import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPostgresCacheStore } from '../../src/cache/postgres/cache-store.ts'
import { AppError } from '../../src/errors.ts'
import { createPostgresExportStore } from '../../src/exports/postgres/export-store.ts'
import { createPostgresHistory } from '../../src/history/postgres/history.ts'
import { createPostgresWatchStore } from '../../src/history/postgres/watch-store.ts'
import { createPostgresKeyStore } from '../../src/keys/postgres/key-store.ts'
import { accountName, createPostgresLedger } from '../../src/limits/ledger/postgres/ledger.ts'
import { POSTGRES_LEDGER_MIGRATIONS } from '../../src/limits/ledger/postgres/sql.ts'
import { SECRET_BYTES, secretInPostgres } from '../../src/pictures/addresses/signing-secret.ts'
import { createPostgresPhotoStore } from '../../src/pictures/upload/postgres/photo-store.ts'
import { testCacheStore } from '../contract/cache-suite.ts'
import { describeExportStore } from '../contract/export-suite.ts'
import { describeHistoryStore } from '../contract/history-suite.ts'
import { describeKeyStore } from '../contract/key-suite.ts'
import { describeLedger } from '../contract/ledger-suite.ts'
import { describePhotoStore } from '../contract/photo-suite.ts'
import { describeWatchStore } from '../contract/watch-suite.ts'
import { createSchema } from '../support/postgres-schema.ts'
import { HAS_POSTGRES, type PostgresServer, startPostgres } from '../support/postgres-server.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

describe.skipIf(!HAS_POSTGRES)('on a real PostgreSQL (skipped where Debian’s package is not installed)', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.remove())

  it('is set up once by ten processes that start at the same moment', async () => {
    const schema = await createSchema(server, Date.now)
    const processes = Array.from({ length: 10 }, () => schema.connect())
    const rows = await Promise.all(
      processes.map(process =>
        process.tables('ledger', POSTGRES_LEDGER_MIGRATIONS).query('SELECT * FROM mcp1688_calls'),
      ),
    )
    expect(rows).toEqual(Array(10).fill([]))
    expect(await schema.rowsOf('mcp1688_schema')).toContain(`(ledger,${POSTGRES_LEDGER_MIGRATIONS.length})`)
    await schema.close()
  })

  it('reports a statement of ours that is wrong as a bug, not as a database that is away', async () => {
    const schema = await createSchema(server, Date.now)
    const { query } = schema.connect().tables('check', [])
    for (const wrong of ['SELEC 1', 'SELECT 1 / 0', 'SELECT * FROM nothing_of_ours']) {
      const error = await query(wrong).catch((caught: unknown) => caught)
      expect(error).toBeInstanceOf(Error)
      expect(error).not.toBeInstanceOf(AppError)
    }
    await schema.close()
  })

  it('does not wait for an index that is being built when it is closed; the server goes on building', async () => {
    const schema = await createSchema(server, Date.now)
    const { alone } = schema.connect().tables('check', [])
    const build = alone(query => query('SELECT pg_sleep(120)', [], 120_000))
    const ended = expect(build).rejects.toMatchObject({ code: 'store_unavailable' })
    const building = () => server.sql(`SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'`)
    await expect.poll(building).toBe('1')
    await schema.close()
    await ended
    expect(building()).toBe('1')
  })

  describeLedger('PostgreSQL', async () => {
    const clock = createVirtualClock()
    const schema = await createSchema(server, clock.now)
    const account = accountName('upstream', 'key')
    return {
      open: async allowance => createPostgresLedger({ postgres: schema.connect(), account, allowance, clock }),
      pass: clock.pass,
      setWallTo: at => clock.setWall(at - clock.now()),
      remove: schema.close,
    }
  })

  testCacheStore('cache store on PostgreSQL', async () => {
    const clock = createVirtualClock()
    const schema = await createSchema(server, clock.now)
    return {
      ours: createPostgresCacheStore({ postgres: schema.connect() }),
      theirs: createPostgresCacheStore({ postgres: schema.connect() }),
      elapse: clock.pass,
      remove: schema.close,
    }
  })

  describePhotoStore('picked photos on PostgreSQL', async () => {
    const clock = createVirtualClock()
    const schema = await createSchema(server, clock.now)
    return {
      ours: createPostgresPhotoStore(schema.connect()),
      theirs: createPostgresPhotoStore(schema.connect()),
      elapse: clock.pass,
      atRest: () => schema.rowsOf('mcp1688_photos'),
      remove: schema.close,
    }
  })

  describeExportStore('exports on PostgreSQL', async () => {
    const clock = createVirtualClock()
    const schema = await createSchema(server, clock.now)
    return {
      ours: createPostgresExportStore(schema.connect()),
      theirs: createPostgresExportStore(schema.connect()),
      elapse: clock.pass,
      atRest: () => schema.rowsOf('mcp1688_exports'),
      remove: schema.close,
    }
  })

  it('two servers sign addresses of pictures with one secret', async () => {
    const schema = await createSchema(server, Date.now)
    const [ours, theirs] = [schema.connect(), schema.connect()].map(secretInPostgres)
    const secrets = await Promise.all([ours?.(), theirs?.()])
    expect(secrets[0]).toHaveLength(SECRET_BYTES)
    expect(secrets[1]).toEqual(secrets[0])
    await schema.close()
  })

  describeHistoryStore('the history on PostgreSQL', async () => {
    const schema = await createSchema(server, Date.now)
    return {
      ours: createPostgresHistory(schema.connect()),
      theirs: createPostgresHistory(schema.connect()),
      remove: schema.close,
    }
  })

  describeWatchStore('watch lists on PostgreSQL', async () => {
    const schema = await createSchema(server, Date.now)
    return {
      ours: createPostgresWatchStore(schema.connect()),
      theirs: createPostgresWatchStore(schema.connect()),
      remove: schema.close,
    }
  })

  describeKeyStore('key store on PostgreSQL', async () => {
    const clock = createVirtualClock()
    const schema = await createSchema(server, clock.now)
    return {
      ours: createPostgresKeyStore({ postgres: schema.connect(), now: clock.now }),
      theirs: createPostgresKeyStore({ postgres: schema.connect(), now: clock.now }),
      elapse: clock.pass,
      atRest: () => schema.rowsOf('mcp1688_keys'),
      loseKeys: () => schema.run('DELETE FROM mcp1688_keys'),
      remove: schema.close,
    }
  })
})
