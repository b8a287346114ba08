/** What version 0.1.0 wrote, in a data folder and in PostgreSQL, is read as it was. Made by the program built from c27e5a7. */
import { cpSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPostgresCatalogue } from '../../src/catalogue/postgres/catalogue.ts'
import { createPostgresKeyStore } from '../../src/keys/postgres/key-store.ts'
import { ACCOUNTS_FOLDER, openKeyStore } from '../../src/keys/sqlite/key-store.ts'
import { PARSE_TIERS } from '../../src/limits/ledger/allowance.ts'
import { accountName, createPostgresLedger } from '../../src/limits/ledger/postgres/ledger.ts'
import { openLedgerFile } from '../../src/limits/ledger/sqlite/ledger-file.ts'
import { createPostgres, type Postgres } from '../../src/store/postgres.ts'
import { DIST_DIR } from '../support/package-dirs.ts'
import { type LitePostgres, startLitePostgres } from '../support/pglite.ts'
import { makeTempDir, ROOT, runProgram, type TempDir } from '../support/program.ts'
import { createVirtualClock, START_AT } from '../support/virtual-clock.ts'

const WRITTEN = path.join(ROOT, 'test/fixtures/written-by-0.1.0')

/** A minute after the last call. */
const SOON_AFTER = Date.UTC(2026, 10, 28, 23, 31)

const UPSTREAM_KEY = 'pmx_test_key_0001'

const OWN = [
  { offer_id: '791000000001', title: '陶瓷马克杯 350ml', price_min_cny: 12.5, moq: 100 },
  { offer_id: '9843850391474229305', title: 'Canvas backpack', price_min_cny: 38, moq: 20, shop_name: 'Own Supplier' },
]

describe('a data folder of 0.1.0', () => {
  let dir: TempDir
  beforeAll(() => {
    dir = makeTempDir()
    cpSync(path.join(WRITTEN, 'data'), dir.path, { recursive: true })
  })
  afterAll(() => dir.remove())
  const run = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await runProgram(args, dir.path)
    expect(exitCode, stderr).toBe(0)
    return stdout
  }

  it('keeps its offers, and imported ones answer by their old IDs', async () => {
    const lines = (await run('catalogue', 'export', '--format', 'jsonl')).trim().split('\n')
    const offers = lines.map(line => JSON.parse(line))
    expect(offers).toHaveLength(14)
    for (const own of OWN)
      expect(offers.find(offer => offer.offer_id === own.offer_id)).toMatchObject({ source: 'import', ...own })
    expect(await run('details', '9843850391474229305')).toContain('Canvas backpack')
  })

  it('keeps its keys', async () => {
    const keys = openKeyStore({ dataDir: dir.path, now: () => SOON_AFTER })
    expect(await keys.find('m1688_9c02418f_awy3ut0jcQm5OGKzoYf7fmZACHOHqHAj')).toMatchObject({
      id: '9c02418f',
      name: 'Ann',
      tier: 'hobby',
      expiresAt: null,
      revokedAt: null,
    })
    expect(await keys.list()).toMatchObject([{ name: 'Ann' }, { name: 'Bob', expiresAt: 1_801_439_999_999 }])
    await keys.close()
  })

  it('keeps what an upstream and a holder of a key have used', async () => {
    const clock = createVirtualClock()
    clock.setWall(SOON_AFTER - START_AT)
    const ledgers = [
      openLedgerFile({ dataDir: dir.path, account: UPSTREAM_KEY, allowance: PARSE_TIERS.free, clock }),
      openLedgerFile({
        dataDir: path.join(dir.path, ACCOUNTS_FOLDER),
        account: 'key:9c02418f',
        allowance: PARSE_TIERS.hobby,
        clock,
      }),
    ]
    expect(await Promise.all(ledgers.map(ledger => ledger.usage()))).toMatchObject([
      { creditsUsed: 5, creditsLeft: 95 },
      { creditsUsed: 3, creditsLeft: 997 },
    ])
    await Promise.all(ledgers.map(ledger => ledger.close()))
  })
})

describe('a database of 0.1.0', () => {
  let lite: LitePostgres
  let postgres: Postgres
  beforeAll(async () => {
    lite = await startLitePostgres()
    await lite.query(readFileSync(path.join(WRITTEN, 'store.sql'), 'utf8'))
    postgres = createPostgres(async () => lite.driver('public'))
  })
  afterAll(async () => {
    await postgres.close()
    await lite.end()
  })

  it('keeps its offers with their vectors', async () => {
    const catalogue = createPostgresCatalogue(postgres, { distDir: DIST_DIR, memory: 'never' })
    for (const { offer_id: id, title } of OWN)
      expect(await catalogue.getOffer(id, ['import'])).toMatchObject({
        source: 'import',
        offer: { offerId: id, title },
      })
    const counts = await catalogue.stats('mnv3s-cubes-496/1')
    expect(counts).toMatchObject([
      { source: 'import', offers: 2, withPicture: 2, embedded: 2 },
      { source: 'parse', offers: 1, mirror: { pagesFetched: 1, totalFound: 1 } },
    ])
  })

  it('keeps its keys', async () => {
    const keys = createPostgresKeyStore({ postgres, now: () => SOON_AFTER })
    expect(await keys.find('m1688_5bd2a48e_9kEP9k9hmzApXzVnWPfNcQjpM_1FCu65')).toMatchObject({
      id: '5bd2a48e',
      name: 'Ann',
      tier: 'hobby',
    })
    expect(await keys.list()).toHaveLength(2)
  })

  it('keeps every call of an upstream and of a holder of a key', async () => {
    const creditsOf = (account: string) =>
      lite.query('SELECT count(*)::int AS calls, sum(credits)::int AS credits FROM mcp1688_calls WHERE account = $1', [
        account,
      ])
    const clock = createVirtualClock()
    for (const [account, used] of [
      [accountName('upstream', UPSTREAM_KEY), 5],
      [accountName('holder', 'key:5bd2a48e'), 3],
    ] as const) {
      await createPostgresLedger({ postgres, account, allowance: PARSE_TIERS.hobby, clock }).usage()
      expect(await creditsOf(account)).toEqual([{ calls: used, credits: used }])
    }
  })
})
