/** The cases of the catalogue's contract on finding offers by words. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { KeywordQuery } from '../../src/catalogue/catalogue.ts'
import { type Evidence, NO_EVIDENCE } from '../../src/offers/evidence/evidence.ts'
import type { OfferFilters } from '../../src/offers/filters.ts'
import { makeOffer } from '../support/catalogue-offers.ts'
import type { CatalogueUnderTest } from './catalogue-suite.ts'

/** Declares the cases. */
export function describeWords(test: CatalogueUnderTest): void {
  describe('finding words', () => {
    const find = async (text: string, query: Partial<KeywordQuery> = {}, on = test.catalogue) =>
      await on.searchKeyword({ text, sources: ['parse'], filters: {}, offset: 0, limit: 10, ...query })
    const idsFor = async (text: string, query: Partial<KeywordQuery> = {}) =>
      (await find(text, query)).offers.map(({ offer }) => offer.offerId)

    beforeEach(() =>
      test.catalogue.putOffers(
        'parse',
        [
          makeOffer('10001', { title: '一次性口罩 三层防护 50只装 KN95' }),
          makeOffer('10002', { title: '儿童口罩卡通印花', city: '广州市', province: '广东省', moq: 100 }),
          makeOffer('10003', { title: '不锈钢保温杯 Vacuum Cup 500ml', price: { text: '30', min: 30, max: 30 } }),
          makeOffer('10004', { title: '罩衫 出口日本', price: null, moq: null }),
        ],
        1000,
      ),
    )

    it('finds Chinese words inside titles, in any order, and other words by their beginning', async () => {
      expect((await idsFor('口罩')).toSorted()).toEqual(['10001', '10002'])
      expect(await idsFor('防护口罩')).toEqual(['10001'])
      expect(await idsFor('保温杯 不锈钢')).toEqual(['10003'])
      expect(await idsFor('VACUUM cup')).toEqual(['10003'])
      expect(await idsFor('vac')).toEqual(['10003'])
      expect(await idsFor('ＫＮ９５')).toEqual(['10001'])
      expect(await idsFor('杯口罩')).toEqual([])
    })

    it('never treats query text as syntax', async () => {
      for (const text of [
        '',
        ' ',
        '"',
        '*',
        'NOT',
        '口罩" OR "杯',
        'words:杯',
        '(((',
        'a AND',
        '-杯',
        "'; DROP TABLE offers",
      ]) {
        expect((await find(text)).found).toBeLessThanOrEqual(2)
      }
      expect(await idsFor('words:保温杯')).toEqual([])
    })

    it('filters, counts and pages', async () => {
      expect(await idsFor('口罩', { filters: { location: '广东' } })).toEqual(['10002'])
      expect(await idsFor('口罩', { filters: { maxMoq: 10 } })).toEqual(['10001'])
      expect(await idsFor('杯', { filters: { maxPrice: 29.99 } })).toEqual([])
      expect(await find('罩', { filters: { maxPrice: 100 } })).toMatchObject({ found: 3, fitting: 2 })
      expect((await idsFor('罩', { filters: { maxPrice: 100 } })).at(-1)).toBe('10004')
      expect(await idsFor('罩', { filters: { minPrice: 1000 } })).toEqual(['10004'])
      expect(await find('口罩', { sources: ['import'] })).toEqual({ offers: [], found: 0, fitting: 0 })
      const pages = await Promise.all([0, 1, 2].map(offset => find('罩', { offset, limit: 1 })))
      expect(pages.map(({ found }) => found)).toEqual([3, 3, 3])
      const ids = pages.flatMap(({ offers }) => offers.map(({ offer }) => offer.offerId))
      expect(ids.toSorted()).toEqual(['10001', '10002', '10004'])
    })

    it('counts an offer once that several sources know', async () => {
      const known = [makeOffer('10004', { title: '罩衫', moq: 1 }), makeOffer('10005', { title: '罩衫', moq: null })]
      await test.catalogue.putOffers('import', known, 2000)
      const sources = ['parse', 'import']
      expect(await find('罩', { sources })).toMatchObject({ found: 4, fitting: 4 })
      const [all, parse, imported] = [sources, ['parse'], ['import']].map(names => test.catalogue.countOffers(names))
      expect(await Promise.all([all, parse, imported])).toEqual([5, 4, 2])
      expect(await find('罩', { sources, filters: { maxMoq: 10 } })).toMatchObject({ found: 3, fitting: 2 })
    })

    it('filters and sorts by what is known of seller and sales', async () => {
      const offer = (id: string, evidence: Partial<Evidence>, min: number | null = 1) =>
        makeOffer(id, {
          title: '雨伞',
          price: min === null ? null : { text: String(min), min, max: min },
          evidence: { ...NO_EVIDENCE, shopId: 'shop', ...evidence },
        })
      const sold = (atLeast: number) => ({ text: String(atLeast), atLeast, days: 30 })
      const sellers = [
        offer('20001', { sellerKind: 'trader', sold: sold(9), repurchaseRate: 0.1 }, 3),
        offer('20002', { sellerKind: 'factory', sold: sold(10), badges: ['trustpass'] }, null),
        offer('20003', { badges: ['super_factory'], repurchaseRate: 0.5 }, 2),
        offer('20004', {}, 1),
      ]
      await test.catalogue.putOffers('parse', sellers, 1000)
      const ids = (filters: OfferFilters) => idsFor('雨伞', { filters })
      expect(await ids({ sort: 'price_asc' })).toEqual(['20004', '20003', '20001', '20002'])
      expect(await ids({ sort: 'price_desc' })).toEqual(['20001', '20003', '20004', '20002'])
      expect(await ids({ sort: 'sales' })).toEqual(['20002', '20001', '20003', '20004'])
      expect(await ids({ sort: 'repurchase' })).toEqual(['20003', '20001', '20002', '20004'])
      expect(await ids({ seller: 'factory' })).toEqual(['20002', '20003', '20004'])
      expect(await ids({ seller: 'verified', sort: 'price_asc' })).toEqual(['20003', '20004', '20001'])
      expect(await find('雨伞', { filters: { seller: 'factory' } })).toMatchObject({ found: 3, fitting: 2 })
    })

    it('follows new titles and removal, from any handle', async () => {
      const other = await test.openAnother()
      await other.putOffers('parse', [makeOffer('10001', { title: '手套' })], 2000)
      expect(await idsFor('口罩')).toEqual(['10002'])
      expect(await idsFor('手套')).toEqual(['10001'])
      await other.remove('parse', ['10001'])
      expect(await idsFor('手套')).toEqual([])
    })
  })
}
