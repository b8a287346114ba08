import { describe, expect, it } from 'vitest'
import { MODEL, makeOffer, makeVector, pictureOf } from '../support/catalogue-offers.ts'
import { cosineOf } from '../support/cosine.ts'
import type { CatalogueUnderTest } from './catalogue-suite.ts'

export function describeReference(test: CatalogueUnderTest): void {
  describe('what the nearest offer has to stand out from', () => {
    /** The first three have the query's own picture, and an upstream found the next two. */
    const offers = Array.from({ length: 90 }, (_, index) => makeOffer(String(10_000 + index)))
    const vectorOf = (index: number) => makeVector(index < 3 ? 0 : index)
    const found = new Set(['parse\n10003', 'parse\n10004'])
    const cosines = offers
      .map((_, index) => ({ index, cosine: cosineOf(makeVector(0), vectorOf(index)) }))
      .filter(({ index }) => index > 4)
      .map(({ cosine }) => cosine)
      .sort((a, b) => b - a)

    it('are the 10th and 50th nearest other things', async () => {
      await test.embed('parse', offers, vectorOf)
      const { reference, hits } = await test.nearest({ reference: { sameThing: 0.99, found }, limit: 2 })
      expect(hits).toHaveLength(2)
      expect(reference?.tenth).toBeCloseTo(cosines[9] ?? Number.NaN, 4)
      expect(reference?.fiftieth).toBeCloseTo(cosines[49] ?? Number.NaN, 4)
      expect(reference?.others).toBe(85)
    })

    it('count an offer once that two sources know, and do not depend on the page', async () => {
      await test.embed('parse', offers, vectorOf)
      await test.embed('import', offers, vectorOf)
      const query = { sources: ['parse', 'import'], reference: { sameThing: 0.99, found } }
      const first = await test.nearest({ ...query, limit: 5 })
      const tenth = first.reference?.tenth ?? Number.NaN
      expect((await test.nearest({ ...query, offset: 60, limit: 5 })).reference).toEqual(first.reference)
      expect(tenth).toBeGreaterThanOrEqual((cosines[9] ?? Number.NaN) - 1e-5)
      expect(tenth).toBeLessThanOrEqual(cosines[4] ?? Number.NaN)
    })

    it('are unknown without any, and those there are if there are few', async () => {
      const reference = { sameThing: 0.99, found: new Set<string>() }
      expect((await test.nearest({ reference })).reference).toEqual({ tenth: null, fiftieth: null, others: 0 })
      await test.embed('parse', offers.slice(2, 7), index => vectorOf(index + 2))
      const few = await test.nearest({ reference })
      const last = Math.min(...offers.slice(3, 7).map((_, index) => cosineOf(makeVector(0), vectorOf(index + 3))))
      expect(few.reference?.others).toBe(4)
      expect(few.reference?.tenth).toBeCloseTo(last, 4)
      expect(few.reference?.fiftieth).toBeCloseTo(last, 4)
    })
  })

  it('counts an offer once that several sources know', async () => {
    const cheap = (id: string) => makeOffer(id, { price: { text: '1', min: 1, max: 1 } })
    const unpriced = (id: string) => makeOffer(id, { price: null })
    await test.embed('parse', [cheap('10001'), unpriced('10002'), unpriced('10003')], makeVector)
    await test.embed('import', [cheap('10001'), cheap('10002')], makeVector)
    await test.catalogue.putOffers('import', [unpriced('10003'), unpriced('10004')], 1000)
    const sources = ['parse', 'import']
    expect(await test.nearest({ sources })).toMatchObject({ known: 4, fitting: 4, compared: 3 })
    const filters = { maxPrice: 5 }
    expect(await test.nearest({ sources, filters })).toMatchObject({ known: 4, fitting: 2, compared: 3 })
    expect(await test.nearest({ sources, filters, except: ['10002'] })).toMatchObject({ known: 3, fitting: 1 })
    await test.catalogue.remove('import', ['10001', '10003'])
    expect(await test.nearest({ sources })).toMatchObject({ known: 4, fitting: 4, compared: 3 })
    await test.catalogue.putOffers('import', [cheap('10003')], 2000)
    expect(await test.nearest({ sources, filters })).toMatchObject({ known: 4, fitting: 3, compared: 3 })
  })

  it('a new vector takes the place of the one of an earlier model', async () => {
    const [first, second] = [makeOffer('10001'), makeOffer('10002')]
    await test.embed('parse', [first, second], makeVector)
    expect(await test.catalogue.hasEmbeddings(MODEL)).toBe(true)
    expect(await test.catalogue.hasEmbeddings('model-b')).toBe(false)
    await test.catalogue.putEmbedding(pictureOf('parse', first), 'model-b', makeVector(7), MODEL)
    expect(await test.idsOf()).toEqual(['10002'])
    expect(await test.idsOf({ model: 'model-b' })).toEqual(['10001'])
    expect((await test.catalogue.stats(MODEL)).map(({ embedded }) => embedded)).toEqual([1])
    await test.catalogue.putEmbedding(pictureOf('parse', second), 'model-b', makeVector(8), MODEL)
    expect(await test.catalogue.hasEmbeddings(MODEL)).toBe(false)
  })
}
