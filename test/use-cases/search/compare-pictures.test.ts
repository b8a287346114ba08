import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Catalogue } from '../../../src/catalogue/catalogue.ts'
import { createSqliteCatalogue } from '../../../src/catalogue/sqlite/catalogue.ts'
import { IN_MEMORY } from '../../../src/store/sqlite.ts'
import { createComparePictures } from '../../../src/use-cases/search/compare-pictures.ts'
import { createEmbedQuery } from '../../../src/use-cases/search/embedding/embed-query.ts'
import { BUILTIN_ID, PREVIOUS_ID } from '../../../src/vision/builtin/id.ts'
import type { Embedder } from '../../../src/vision/embedder.ts'
import { makeOffer, makeVector, pictureOf } from '../../support/catalogue-offers.ts'
import { DIST_DIR } from '../../support/package-dirs.ts'

const [first, second, third] = [makeOffer('10001'), makeOffer('10002'), makeOffer('10003')]
const query = { sources: ['parse'], filters: {}, limit: 10 }
let asked: string[] = []
let catalogue: Catalogue

const embedderOf = (id: string, seed: number, previous?: Embedder): Embedder => ({
  id,
  async embed() {
    asked.push(id)
    return { vectors: [makeVector(seed)], regions: [] }
  },
  close: async () => undefined,
  ...(previous && { previous }),
})
const embedder = embedderOf(BUILTIN_ID, 1, embedderOf(PREVIOUS_ID, 2))

beforeEach(async () => {
  asked = []
  catalogue = createSqliteCatalogue({ file: IN_MEMORY, distDir: DIST_DIR })
  await catalogue.putOffers('parse', [first, second, third], 1000)
})
afterEach(() => catalogue.close())

const open = () => createEmbedQuery(embedder)(new Uint8Array(0), new Set(), { signal: new AbortController().signal })

it('compares each offer by the model of its own vector, and counts those of the previous one', async () => {
  await catalogue.putEmbedding(pictureOf('parse', first), BUILTIN_ID, makeVector(5))
  await catalogue.putEmbedding(pictureOf('parse', second), PREVIOUS_ID, makeVector(2))
  const compare = createComparePictures({ catalogue, embedder })
  const result = await compare.nearest(await open(), query, () => true)
  expect(result.hits.map(({ offer, likeness }) => [offer.offerId, likeness])).toEqual([
    // The same picture, but the words of the previous model are not sure enough.
    ['10002', 'probably the same item'],
    ['10001', 'not alike'],
  ])
  expect(result).toMatchObject({ compared: 2, known: 3, older: 1, best: 'probably the same item' })
  expect(asked).toEqual([BUILTIN_ID, PREVIOUS_ID])
})

it('does not embed by the previous model once every vector is remade', async () => {
  await catalogue.putEmbedding(pictureOf('parse', second), PREVIOUS_ID, makeVector(2))
  await catalogue.putEmbedding(pictureOf('parse', second), BUILTIN_ID, makeVector(1), PREVIOUS_ID)
  const compare = createComparePictures({ catalogue, embedder })
  const result = await compare.nearest(await open(), query, () => true)
  expect(result).toMatchObject({ compared: 1, older: 0, best: 'same item' })
  expect(asked).toEqual([BUILTIN_ID])
})

it('has no word for an offer that could not be compared', async () => {
  await catalogue.putEmbedding(pictureOf('parse', first), BUILTIN_ID, makeVector(1))
  const compare = createComparePictures({ catalogue, embedder })
  const picture = await open()
  const found = await compare.found(picture, 'parse', ['10001', '10003'], ['parse'])
  expect([...found.keys()]).toEqual(['10001'])
  expect(found.get('10001')?.likeness).toBe('same item')
  expect([...picture.found]).toEqual(['parse\n10001', 'parse\n10003'])
})
