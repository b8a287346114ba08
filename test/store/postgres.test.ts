import { afterAll, beforeAll, describe } from 'vitest'
import { createPostgresCacheStore } from '../../src/cache/postgres-cache-store.ts'
import { createPostgresKeyStore } from '../../src/keys/postgres-key-store.ts'
import { accountName, createPostgresLedger } from '../../src/limits/postgres-ledger.ts'
import { testCacheStore } from '../contract/cache-suite.ts'
import { describeKeyStore } from '../contract/key-suite.ts'
import { describeLedger } from '../contract/ledger-suite.ts'
import { createSchema } from '../support/postgres-schema.ts'
import { HAS_POSTGRES, type PostgresServer, startPostgres } from '../support/postgres-server.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

describe.skipIf(!HAS_POSTGRES)('on a real PostgreSQL (skipped where Debian’s package is not installed)', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.remove())

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

  describeKeyStore('key store on PostgreSQL', async () => {
    const clock = createVirtualClock()
    const schema = await createSchema(server, clock.now)
    return {
      ours: createPostgresKeyStore({ postgres: schema.connect(), now: clock.now }),
      theirs: createPostgresKeyStore({ postgres: schema.connect(), now: clock.now }),
      elapse: clock.pass,
      atRest: () => schema.rowsOf('mcp1688_keys'),
      remove: schema.close,
    }
  })
})
