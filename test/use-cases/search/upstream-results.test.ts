import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSqliteCatalogue } from '../../../src/catalogue/sqlite/catalogue.ts'
import { createLogger } from '../../../src/log.ts'
import { IN_MEMORY } from '../../../src/store/sqlite.ts'
import { createRankUpstreamResults } from '../../../src/use-cases/search/upstream-results.ts'
import { BUILTIN_ID } from '../../../src/vision/builtin/id.ts'
import { makeOffer, makeVector, pictureOf } from '../../support/catalogue-offers.ts'
import { DIST_DIR } from '../../support/package-dirs.ts'

const [same, other, another] = [makeOffer('10001'), makeOffer('10002'), makeOffer('10003')]
const catalogue = createSqliteCatalogue({ file: IN_MEMORY, distDir: DIST_DIR })
const rank = createRankUpstreamResults({
  catalogue,
  embedder: { id: BUILTIN_ID, embed: async () => ({ vectors: [], regions: [] }), close: async () => undefined },
  indexer: { run: async () => undefined, isRunning: false },
  logger: createLogger({ level: 'silent', write: () => undefined }),
})

beforeAll(async () => {
  await catalogue.putOffers('parse', [same, other, another], 1_000)
  for (const [index, offer] of [same, other, another].entries()) {
    await catalogue.putEmbedding(pictureOf('parse', offer), BUILTIN_ID, makeVector(1 + index))
  }
})
afterAll(() => catalogue.close())

it.each([
  ['on an earlier page', { fetched: [other], earlier: [same] }, 'same item'],
  ['beyond the page', { fetched: [other, same], earlier: [another] }, 'same item'],
  ['nowhere', { fetched: [other], earlier: [another] }, 'not alike'],
])('the best word is that of the whole result: the item is %s', async (_where, { fetched, earlier }, word) => {
  const rows = { offers: [other], fetched, earlier, totalFound: 3, hasMore: false, unread: null, applied: {} }
  const picture = { vectors: [makeVector(1)], previousVectors: null, regions: [], found: new Set<string>() }
  const { match, products } = await rank(
    { upstream: 'parse', rows, retrievedAt: 1_000, sources: ['parse'] },
    { page: 2, pageSize: 1, filters: {}, picture },
    { signal: new AbortController().signal },
  )
  expect(match).toMatchObject({ compared: 1, best: word })
  expect(products.map(({ offer, likeness }) => [offer.offerId, likeness])).toEqual([['10002', 'not alike']])
})
