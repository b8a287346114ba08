import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Catalogue, NearestResult } from '../../../src/catalogue/catalogue.ts'
import { createPostgresCatalogue } from '../../../src/catalogue/postgres/catalogue.ts'
import { createPostgres } from '../../../src/store/postgres.ts'
import type { PostgresDriver } from '../../../src/store/postgres-driver.ts'
import { describeCatalogue } from '../../contract/catalogue-suite.ts'
import { MODEL, makeOffer, makeVector, pictureOf } from '../../support/catalogue-offers.ts'
import { DIST_DIR } from '../../support/package-dirs.ts'
import { type LitePostgres, startLitePostgres } from '../../support/pglite.ts'
import { describeCopy } from '../copy-cases.ts'

const distDir = DIST_DIR

let lite: LitePostgres
let schemas = 0
beforeAll(async () => {
  lite = await startLitePostgres()
})
afterAll(() => lite.end())

describeCatalogue('PostgreSQL', async () => {
  const schema = `test_${schemas++}`
  return {
    open: async () => {
      const postgres = createPostgres(async () => lite.driver(schema))
      return { ...createPostgresCatalogue(postgres, { distDir, memory: 'at once' }), close: postgres.close }
    },
    dispose: async () => void (await lite.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)),
  }
})

describe('ranked in the database', () => {
  const schema = 'in_database'
  let catalogue: Catalogue
  beforeEach(async () => {
    await lite.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)
    const postgres = createPostgres(async () => lite.driver(schema))
    catalogue = createPostgresCatalogue(postgres, { distDir, memory: 'never', exactUpTo: 0 })
  })

  it('an offer has the score of the best of its photos, and counts once', async () => {
    const photo = 'https://cbu01.alicdn.com/img/ibank/back.jpg'
    const offers = [makeOffer('10001', { photos: [photo] }), makeOffer('10002'), makeOffer('10003')]
    await catalogue.putOffers('parse', offers, 1)
    for (const [index, offer] of offers.entries()) {
      await catalogue.putEmbedding(pictureOf('parse', offer), MODEL, makeVector(index + 1))
    }
    await catalogue.putEmbedding({ source: 'parse', offerId: '10001', imageUrl: photo }, MODEL, makeVector(9))
    const reference = { sameThing: 0.99, found: new Set<string>() }
    const query = { model: MODEL, vectors: [makeVector(9)], sources: ['parse'], filters: {}, offset: 0, limit: 2 }
    for (let turn = 0; turn < 3; turn++) {
      const found = await catalogue.nearest({ ...query, reference })
      expect(found.hits.map(({ offer }) => offer.offerId)[0]).toBe('10001')
      expect(found.bestCosine).toBeCloseTo(1, 4)
      expect(found).toMatchObject({ compared: 3, known: 3, reference: { others: 2 } })
      expect(found.hits).toHaveLength(2)
    }
    const cosines = await catalogue.similarities('parse', ['10001'], MODEL, query.vectors)
    expect(cosines.get('10001')).toBeCloseTo(1, 4)
  })
})

describeCopy(() => lite)

describe('the index of a large model', () => {
  const OFFERS = 600
  const schema = 'large'
  /** Statements that ranked by the index, with their values. */
  const ranked: Array<{ text: string; values: readonly unknown[] }> = []
  const noting = (driver: PostgresDriver): PostgresDriver => ({
    ...driver,
    run: work =>
      driver.run(query =>
        work((statement, values = []) => {
          if (typeof statement === 'string' && statement.includes('UNION (SELECT near'))
            ranked.push({ text: statement, values })
          return query(statement, values)
        }),
      ),
  })
  const open = (exactUpTo: number) =>
    createPostgresCatalogue(
      createPostgres(async () => noting(lite.driver(schema))),
      { distDir, memory: 'never', exactUpTo },
    )
  const search = {
    model: MODEL,
    vectors: [makeVector(100_001), makeVector(100_002)],
    sources: ['parse'],
    filters: { maxPrice: 5, location: '浙江' },
    offset: 0,
    limit: 60,
  }

  it('is built while searches continue, and then gives the same answers as an exact scan, also with a filter', async () => {
    const catalogue = open(0)
    const offers = Array.from({ length: OFFERS }, (_, index) =>
      makeOffer(String(10_000 + index), {
        price: { text: '1', min: 1 + (index % 10), max: 20 },
        ...(index % 3 === 0 ? { province: '浙江省', city: '金华市' } : { province: '广东省', city: '潮州市' }),
      }),
    )
    await catalogue.putOffers('parse', offers, 1000)
    for (const [index, offer] of offers.entries()) {
      await catalogue.putEmbedding(pictureOf('parse', offer), MODEL, makeVector(index))
    }
    const exact = await open(OFFERS).nearest(search)
    expect(await catalogue.nearest(search)).toEqual(exact)
    // The build was begun by that search and has the database's one connection next.
    while (ranked.length === 0) expect(await catalogue.nearest(search)).toEqual(exact)

    const { text = '', values = [] } = ranked[0] ?? {}
    await lite.query(`SET search_path = ${schema}, public; SET enable_seqscan = off; SET enable_sort = off`)
    const plan = await lite.query(`EXPLAIN ${text}`, values)
    expect(JSON.stringify(plan)).toContain('Index Scan using mcp1688_near_')
    await lite.query('RESET enable_seqscan; RESET enable_sort')

    const found = await catalogue.nearest(search)
    expect(found).toMatchObject({ known: exact.known, compared: exact.compared })
    expect(found.hits).toHaveLength(60)
    const ids = new Set(exact.hits.map(({ offer }) => offer.offerId))
    expect(found.hits.filter(({ offer }) => ids.has(offer.offerId)).length).toBeGreaterThanOrEqual(58)
    const memory = createPostgresCatalogue(
      createPostgres(async () => lite.driver(schema)),
      { distDir, memory: 'at once' },
    )
    for (const filters of [{}, search.filters, { maxMoq: 1 }, { location: '潮州' }]) {
      const query = { ...search, filters }
      expect(withoutScores(await memory.nearest(query))).toEqual(withoutScores(await open(OFFERS).nearest(query)))
    }
    // Fewer pass than a page holds: all of them are found.
    const narrow = { ...search, filters: { maxPrice: 1, location: '浙江' } }
    expect((await catalogue.nearest(narrow)).hits).toHaveLength(OFFERS / 30)
  })
})

/** What must be the same however it was ranked: the arithmetic differs by a millionth. */
const withoutScores = ({ hits, known, compared }: NearestResult) => ({
  ids: hits.map(({ offer }) => offer.offerId),
  known,
  compared,
})

describe('a catalogue in the memory of a process', () => {
  const schema = 'kept'
  const search = { model: MODEL, vectors: [makeVector(1)], sources: ['parse'], filters: {}, offset: 0, limit: 10 }

  it('is read at the second search, and after that only changes are read', async () => {
    const read: number[] = []
    const noting = (driver: PostgresDriver): PostgresDriver => ({
      ...driver,
      run: work =>
        driver.run(query =>
          work(async (statement, values) => {
            const rows = await query(statement, values)
            if (typeof statement !== 'string' && statement.name.endsWith('changed')) read.push(rows.length)
            return rows
          }),
        ),
    })
    const catalogue = createPostgresCatalogue(
      createPostgres(async () => noting(lite.driver(schema))),
      { distDir },
    )
    const offers = Array.from({ length: 20 }, (_, index) => makeOffer(String(10_000 + index)))
    await catalogue.putOffers('parse', offers, 1000)
    for (const offer of offers) await catalogue.putEmbedding(pictureOf('parse', offer), MODEL, makeVector(1))
    // As in a backup from a server that had counted further.
    await lite.query(`SET search_path = ${schema}, public; ALTER TABLE mcp1688_offers DISABLE TRIGGER USER;
      UPDATE mcp1688_offers SET changed = '900000000000'; ALTER TABLE mcp1688_offers ENABLE TRIGGER USER`)

    await catalogue.nearest(search)
    expect(read).toEqual([])
    while (read.length < 2) {
      expect((await catalogue.nearest(search)).compared).toBe(20)
      await nextTurn()
    }
    expect(read.slice(0, 2)).toEqual([20, 0])
    await catalogue.putOffers('parse', offers.slice(0, 3), 2000)
    expect((await catalogue.nearest(search)).compared).toBe(20)
    expect(read.at(-1)).toBe(3)
    await catalogue.remove('parse', ['10000'])
    expect((await catalogue.nearest(search)).compared).toBe(19)
    expect(read.at(-1)).toBe(19)
  })
})
