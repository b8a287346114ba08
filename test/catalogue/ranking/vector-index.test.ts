import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inverseLength } from '../../../src/catalogue/ranking/scanner.ts'
import { createVectorIndex, type RankQuery } from '../../../src/catalogue/ranking/vector-index.ts'
import { DIST_DIR } from '../../support/package-dirs.ts'
import { seededRandom } from '../../support/seeded-random.ts'

const DIMENSIONS = 256
/** More than two blocks of the scan. */
const OFFERS = 9_000
const FIT = ['misses', 'unknown', 'fits'] as const
const random = seededRandom(1)

/** Near one of a few kinds, with most of its length in the first components, as vectors of pictures are. */
function makeVector(decay: number): Int8Array {
  const kind = Math.floor(random() * 40)
  return Int8Array.from({ length: DIMENSIONS }, (_, i) => {
    const ofKind = Math.sin(kind * (i + 1) * 7.3)
    return Math.round(127 * 0.5 * (ofKind + random() - 0.5) * Math.exp(-i * decay))
  })
}

/** In the precision of the kernel. */
function cosineOf(queries: readonly Int8Array[], row: Int8Array): number {
  const scores = queries.map(query => {
    const product = row.reduce((sum, value, i) => sum + value * (query[i] ?? 0), 0)
    return Math.fround(product * Math.fround(inverseLength(query)))
  })
  return Math.max(...scores) * inverseLength(row)
}

const offers = Array.from({ length: OFFERS }, (_, id) => {
  // Equal vectors are ties.
  const first = id % 10 === 9 ? null : makeVector(0.02)
  const photos = id % 5 === 0 ? [makeVector(0.02)] : []
  return { id, fit: id % 100 === 0 ? 1 : Math.min(2, id % 7), vectors: first ? [first, ...photos] : [] }
})
for (let id = 20; id < 40; id++) offers[id + 8_000]?.vectors.splice(0, 9, ...(offers[id]?.vectors ?? []))

const index = await createVectorIndex(readFileSync(path.join(DIST_DIR, 'scan.wasm')), DIMENSIONS)
for (const { id, fit, vectors } of offers) {
  const place = { city: null, province: null, sellerKind: null, badges: [] }
  index.put({ id, offerId: String(10_000 + id), source: String(fit), priceMin: null, moq: null, ...place }, vectors)
}
const ofAny = { minPrice: undefined, maxPrice: undefined, maxMoq: undefined }

it('ranks thousands of offers as comparing each with each query does', async () => {
  const cases = fc.record({
    views: fc.integer({ min: 1, max: 3 }),
    decay: fc.constantFrom(0, 0.02),
    limit: fc.constantFrom(1, 20, 400),
    filtered: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(cases, async ({ views, decay, limit, filtered }) => {
      const vectors = Array.from({ length: views }, () => makeVector(decay))
      const admits: RankQuery['admits'] = ({ source }) => (filtered ? (FIT[Number(source)] ?? 'misses') : 'fits')
      const { best, compared } = await index.rank({ vectors, admits, limit, ...ofAny }, async () => {})

      const known = offers.filter(({ fit, vectors: own }) => own.length > 0 && (!filtered || fit > 0))
      const scored = known.map(({ id, fit, vectors: own }) => {
        const cosine = Math.max(...own.map(vector => cosineOf(vectors, vector)))
        return { id, fits: !filtered || fit === 2, cosine: Math.round(cosine * 1e6) / 1e6 }
      })
      scored.sort((a, b) => b.cosine - a.cosine || a.id - b.id)
      const expected = [true, false].flatMap(fits => scored.filter(offer => offer.fits === fits).slice(0, limit))
      expect(compared).toBe(known.length)
      expect(best).toEqual(expected.map(({ id, cosine }) => ({ id, cosine })))
    }),
    { numRuns: 8 },
  )
})
