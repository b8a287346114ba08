/** The cases of the catalogue's contract on embeddings and ranking. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_EVIDENCE } from '../../src/offers/evidence/evidence.ts'
import type { OfferFilters } from '../../src/offers/filters.ts'
import { MODEL, makeOffer, makeVector, pictureOf } from '../support/catalogue-offers.ts'
import type { CatalogueUnderTest } from './catalogue-suite.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** Declares the cases. */
export function describeRanking(test: CatalogueUnderTest): void {
  describe('embedding', () => {
    const list = (limit = 10, now = 1000) =>
      test.catalogue.listUnembedded({ model: MODEL, photos: 2, sources: ['parse'], limit, now })

    it('lists offers with a picture and no vector, most recently seen first', async () => {
      await test.catalogue.putOffers('parse', [makeOffer('10001'), makeOffer('10002', { imageUrl: null })], 1000)
      await test.catalogue.putOffers('parse', [makeOffer('10003')], 3000)
      await test.catalogue.putOffers('parse', [makeOffer('10004')], 2000)
      await test.catalogue.putOffers('import', [makeOffer('10005')], 4000)
      expect((await list()).map(picture => picture.offerId)).toEqual(['10003', '10004', '10001'])
      expect(await list(1)).toEqual([pictureOf('parse', makeOffer('10003'))])
      await test.catalogue.putEmbedding(pictureOf('parse', makeOffer('10003')), MODEL, makeVector(3))
      expect((await list()).map(picture => picture.offerId)).toEqual(['10004', '10001'])
      expect(
        await test.catalogue.listUnembedded({ model: 'model-b', photos: 2, sources: ['parse'], limit: 10, now: 1000 }),
      ).toHaveLength(3)
    })

    it('finds the one missing vector among thousands', async () => {
      const offers = Array.from({ length: 4500 }, (_, i) => makeOffer(String(10_000 + i), { imageUrl: null }))
      await test.catalogue.putOffers('parse', offers, 2000)
      await test.catalogue.putOffers('parse', [makeOffer('99999')], 1000)
      expect((await list()).map(picture => picture.offerId)).toEqual(['99999'])
    })

    it('leaves a failed picture alone for a day', async () => {
      await test.catalogue.putOffers('parse', [makeOffer('10001')], 1000)
      await test.catalogue.putEmbeddingFailure(pictureOf('parse', makeOffer('10001')), MODEL, 5000, 'broken')
      expect(await list(10, 5000 + DAY_MS - 1)).toEqual([])
      expect(await list(10, 5000 + DAY_MS)).toHaveLength(1)
      expect(
        await test.catalogue.listUnembedded({ model: 'model-b', photos: 2, sources: ['parse'], limit: 10, now: 6000 }),
      ).toHaveLength(1)
    })

    it('tries failed pictures again at once on request', async () => {
      await test.catalogue.putOffers('parse', [makeOffer('10001')], 1000)
      await test.catalogue.putEmbeddingFailure(pictureOf('parse', makeOffer('10001')), MODEL, 5000, 'broken')
      expect(await test.catalogue.forgetFailures()).toBe(1)
      expect(await list(10, 6000)).toHaveLength(1)
      expect(await test.catalogue.forgetFailures()).toBe(0)
    })

    it('drops the vector and the failure of a picture that was replaced', async () => {
      const old = makeOffer('10001')
      const renewed = makeOffer('10001', { imageUrl: 'https://cbu01.alicdn.com/new.jpg' })
      await test.embed('parse', [old], makeVector)
      await test.catalogue.putOffers('parse', [renewed], 2000)
      expect((await test.nearest()).compared).toBe(0)
      await test.catalogue.putEmbeddingFailure(pictureOf('parse', renewed), MODEL, 1000, 'broken')
      await test.catalogue.putOffers('parse', [old], 3000)
      expect(await list()).toEqual([pictureOf('parse', old)])
    })

    it('ignores the vector of a picture that the offer no longer has', async () => {
      await test.catalogue.putOffers('parse', [makeOffer('10001')], 1000)
      const stale = { source: 'parse', offerId: '10001', imageUrl: 'https://cbu01.alicdn.com/old.jpg' }
      await test.catalogue.putEmbedding(stale, MODEL, makeVector(1))
      await test.catalogue.putEmbeddingFailure(stale, MODEL, 1000, 'broken')
      await test.catalogue.putEmbedding({ ...stale, offerId: '10009' }, MODEL, makeVector(1))
      expect((await test.nearest()).compared).toBe(0)
      expect(await list()).toHaveLength(1)
    })
  })

  describe('ranking', () => {
    const location = fc.constantFrom(undefined, '浙江', 'Guangdong', '金华', 'Atlantis')
    const place = fc.constantFrom(
      { province: '浙江省', city: '金华市' },
      { province: '浙江省', city: '义乌市' },
      { province: '广东省', city: '潮州市' },
      { province: null, city: null },
    )
    const inLocation = new Map<string, Set<string | null>>([
      ['浙江', new Set(['金华市', '义乌市'])],
      ['Guangdong', new Set(['潮州市'])],
      ['金华', new Set(['金华市', '义乌市'])],
      ['Atlantis', new Set<string>()],
    ])
    const seed = fc.integer({ min: 0, max: 6 })
    const number = fc.option(fc.integer({ min: 1, max: 4 }), { nil: null })
    const sellerKind = fc.constantFrom('factory' as const, 'trader' as const, null)
    const seller = fc.constantFrom(undefined, 'any' as const, 'factory' as const, 'verified' as const)
    const row = fc.record({ seed: fc.option(seed, { nil: null }), min: number, moq: number, place, sellerKind })
    const bound = fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined })

    it('agrees with a direct computation over every offer', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(row, { maxLength: 40 }),
          fc.array(seed, { minLength: 1, maxLength: 4 }),
          fc.record({ minPrice: bound, maxPrice: bound, maxMoq: bound, location, seller }),
          fc.nat(5),
          fc.constantFrom<string[] | undefined>(undefined, [], ['10000'], ['10003', '10001']),
          async (rows, views, bounds, offset, except) => {
            await test.catalogue.remove('parse', null)
            const offers = rows.map(({ min, moq, place, sellerKind }, index) =>
              makeOffer(String(10_000 + index), {
                ...place,
                moq,
                evidence: { ...NO_EVIDENCE, sellerKind },
                price: min === null ? null : { text: String(min), min, max: min },
              }),
            )
            await test.catalogue.putOffers('parse', offers, 1000)
            for (const [index, { seed }] of rows.entries()) {
              const offer = offers[index]
              if (offer && seed !== null)
                await test.catalogue.putEmbedding(pictureOf('parse', offer), MODEL, makeVector(seed))
            }
            const { minPrice, maxPrice, maxMoq, location, seller } = bounds
            const vectors = views.map(view => makeVector(view))
            const fits: ((row: (typeof rows)[number]) => boolean | null)[] = [
              ({ min }) => minPrice === undefined || (min === null ? null : min >= minPrice),
              ({ min }) => maxPrice === undefined || (min === null ? null : min <= maxPrice),
              ({ moq }) => maxMoq === undefined || (moq === null ? null : moq <= maxMoq),
              ({ place: { city } }) =>
                location === undefined ||
                (city === null && location !== 'Atlantis' ? null : inLocation.get(location)?.has(city) === true),
              ({ sellerKind: kind }) => seller !== 'factory' || (kind === null ? null : kind === 'factory'),
              () => seller !== 'verified' || null,
            ]
            const passing = rows
              .map((row, index) => ({ ...row, id: String(10_000 + index), fit: fits.map(passes => passes(row)) }))
              .filter(({ id, fit }) => !except?.includes(id) && !fit.includes(false))
              .map(({ id, seed, fit }) => ({ id, seed, isKnown: !fit.includes(null) }))
            const ranked = passing
              .flatMap(({ id, seed, isKnown }) =>
                seed === null
                  ? []
                  : [{ id, isKnown, cosine: Math.max(...vectors.map(view => cosine(view, makeVector(seed)))) }],
              )
              .toSorted((a, b) =>
                a.isKnown !== b.isKnown
                  ? Number(b.isKnown) - Number(a.isKnown)
                  : Math.abs(b.cosine - a.cosine) < 1e-5
                    ? Number(a.id) - Number(b.id)
                    : b.cosine - a.cosine,
              )
            const filters = omitUndefined(bounds)
            const result = await test.nearest({ vectors, filters, except, offset, limit: 7 })
            expect(result.known).toBe(passing.length)
            expect(result.fitting).toBe(passing.filter(({ isKnown }) => isKnown).length)
            expect(result.compared).toBe(ranked.length)
            expect(result.bestCosine ?? 0).toBeCloseTo(
              Math.max(...ranked.map(({ cosine }) => cosine), ranked.length ? -1 : 0),
              5,
            )
            expect(result.hits.map(hit => hit.offer.offerId)).toEqual(
              ranked.slice(offset, offset + 7).map(({ id }) => id),
            )
            for (const [index, hit] of result.hits.entries()) {
              expect(hit.cosine).toBeCloseTo(ranked[offset + index]?.cosine ?? Number.NaN, 5)
            }
          },
        ),
        { numRuns: 60 },
      )
    })

    it('scores the direction of a vector, not its length', async () => {
      const long = makeVector(7).map(value => Math.trunc(value / 2) * 2)
      const short = long.map(value => value / 2)
      await test.embed('parse', [makeOffer('10001'), makeOffer('10002')], index => (index === 0 ? short : long))
      const { hits } = await test.nearest({ vectors: [long] })
      expect(hits.map(hit => hit.cosine)).toEqual([expect.closeTo(1, 5), expect.closeTo(1, 5)])
    })

    it('orders equal scores by offer id as a number', async () => {
      const ids = ['100000', '20000', '99999', '123456789012', '20001']
      await test.embed(
        'parse',
        ids.map(id => makeOffer(id)),
        () => makeVector(1),
      )
      expect(await test.idsOf()).toEqual(['20000', '20001', '99999', '100000', '123456789012'])
      expect(await test.idsOf({ offset: 1, limit: 2 })).toEqual(['20001', '99999'])
    })

    it('pages through thousands of offers without gaps or repeats', async () => {
      const offers = Array.from({ length: 5000 }, (_, i) => makeOffer(String(10_000 + i)))
      await test.catalogue.putOffers('parse', offers, 1000)
      for (const [index, offer] of offers.entries()) {
        if (index % 10 === 0)
          await test.catalogue.putEmbedding(pictureOf('parse', offer), MODEL, makeVector(index % 70))
      }
      const pages = await Promise.all([0, 200, 400].map(offset => test.idsOf({ offset, limit: 200 })))
      expect(new Set(pages.flat()).size).toBe(500)
      expect(pages.flat()).toEqual(await test.idsOf({ limit: 500 }))
    })

    it('keeps models apart', async () => {
      const offer = makeOffer('10001')
      await test.embed('parse', [offer], makeVector)
      await test.catalogue.putEmbedding(pictureOf('parse', offer), 'model-b', makeVector(1, 64))
      expect((await test.nearest({ model: 'model-b', vectors: [makeVector(1, 64)] })).hits[0]?.cosine).toBeCloseTo(1)
      expect((await test.nearest()).hits[0]?.cosine).toBeCloseTo(1)
      expect(await test.nearest({ model: 'model-c' })).toEqual({
        hits: [],
        bestCosine: null,
        reference: null,
        compared: 0,
        known: 1,
        fitting: 1,
      })
    })

    it('ranks only the given sources', async () => {
      await test.embed('parse', [makeOffer('10001')], makeVector)
      await test.embed('import', [makeOffer('10001'), makeOffer('10002')], makeVector)
      expect((await test.nearest({ sources: ['parse'] })).known).toBe(1)
      expect(await test.nearest({ sources: [] })).toEqual({
        hits: [],
        bestCosine: null,
        reference: null,
        compared: 0,
        known: 0,
        fitting: 0,
      })
    })

    it('replaces an old vector with a new one', async () => {
      await test.embed('parse', [makeOffer('10001')], () => makeVector(1))
      expect((await test.nearest()).hits[0]?.cosine).toBeLessThan(0.9)
      await test.catalogue.putEmbedding(pictureOf('parse', makeOffer('10001')), MODEL, makeVector(0))
      expect((await test.nearest()).hits[0]?.cosine).toBeCloseTo(1)
    })

    it('sees what another handle wrote, changed and removed', async () => {
      const other = await test.openAnother()
      await test.embed('parse', [makeOffer('10001')], makeVector)
      expect(await test.idsOf({}, other)).toEqual(['10001'])
      await test.embed('parse', [makeOffer('10002')], () => makeVector(2))
      expect(await test.idsOf({}, other)).toEqual(['10001', '10002'])
      await test.catalogue.putOffers('parse', [makeOffer('10001', { moq: 500 })], 2000)
      expect(await test.idsOf({ filters: { maxMoq: 10 } }, other)).toEqual(['10002'])
      await test.catalogue.remove('parse', ['10002'])
      expect(await test.idsOf({}, other)).toEqual(['10001'])
      await other.remove('parse', null)
      expect(await test.idsOf()).toEqual([])
    })

    it('answers many searches at once while offers are written', async () => {
      const offers = Array.from({ length: 300 }, (_, i) => makeOffer(String(10_000 + i)))
      await test.catalogue.putOffers('parse', offers, 1000)
      const writing = offers.map(offer =>
        test.catalogue.putEmbedding(pictureOf('parse', offer), MODEL, makeVector(Number(offer.offerId))),
      )
      const counts = await Promise.all(Array.from({ length: 30 }, async () => (await test.nearest()).compared))
      await Promise.all(writing)
      expect(counts).toEqual(counts.toSorted((a, b) => a - b))
      expect((await test.nearest()).compared).toBe(300)
    })

    it('returns the cosines of given offers', async () => {
      const offers = [makeOffer('10001'), makeOffer('10002'), makeOffer('10003')]
      await test.embed('parse', offers.slice(0, 2), index => makeVector(index + 1))
      const views = [makeVector(1), makeVector(9)]
      const cosines = await test.catalogue.similarities('parse', ['10001', '10002', '10003', '10004'], MODEL, views)
      expect([...cosines.keys()].toSorted()).toEqual(['10001', '10002'])
      expect(cosines.get('10001')).toBeCloseTo(1)
      const expected = Math.max(...views.map(view => cosine(view, makeVector(2))))
      expect(cosines.get('10002')).toBeCloseTo(expected)
      expect(await test.catalogue.similarities('import', ['10001'], MODEL, views)).toEqual(new Map())
    })
  })
}

function omitUndefined(filters: { [Name in keyof OfferFilters]: OfferFilters[Name] | undefined }): OfferFilters {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))
}

function cosine(a: Int8Array, b: Int8Array): number {
  const dot = (x: Int8Array, y: Int8Array) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0)
  const lengths = Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b))
  return lengths === 0 ? 0 : dot(a, b) / lengths
}
