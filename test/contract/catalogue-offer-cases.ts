/** The cases of the catalogue's contract on keeping, removing and mirroring offers. */
import { describe, expect, it } from 'vitest'
import { NO_EVIDENCE } from '../../src/offers/evidence/evidence.ts'
import { MODEL, makeOffer, makeVector, pictureOf, UNKNOWN } from '../support/catalogue-offers.ts'
import type { CatalogueUnderTest } from './catalogue-suite.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** Declares the cases. */
export function describeOffers(test: CatalogueUnderTest): void {
  describe('keeping offers', () => {
    it('returns an offer as it was stored', async () => {
      const full = makeOffer('10001')
      const bare = makeOffer('10002', UNKNOWN)
      await test.catalogue.putOffers('parse', [full, bare], 1000)
      expect(await test.catalogue.getOffer('10001', ['parse'])).toEqual({
        source: 'parse',
        offer: full,
        factsSeenAt: null,
        firstSeenAt: 1000,
        lastSeenAt: 1000,
      })
      expect((await test.catalogue.getOffer('10002', ['parse']))?.offer).toEqual(bare)
      expect(await test.catalogue.getOffer('10003', ['parse'])).toBeNull()
      expect(await test.catalogue.getOffer('10001', ['sample'])).toBeNull()
    })

    it('overwrites with new values and keeps the rest', async () => {
      await test.catalogue.putOffers('parse', [makeOffer('10001')], 1000)
      const news = makeOffer('10001', { ...UNKNOWN, title: '新标题', price: { text: '3', min: 3, max: 3 } })
      await test.catalogue.putOffers('parse', [news], 2000)
      expect(await test.catalogue.getOffer('10001', ['parse'])).toEqual({
        source: 'parse',
        offer: makeOffer('10001', { title: '新标题', price: { text: '3', min: 3, max: 3 } }),
        factsSeenAt: null,
        firstSeenAt: 1000,
        lastSeenAt: 2000,
      })
    })

    it('a price quoted in another currency takes the place of one in CNY, and the other way round', async () => {
      const offerOf = async () => (await test.catalogue.getOffer('10001', ['import']))?.offer
      const quoted = { text: '1.20', currency: 'USD' }
      const price = { text: '8.50', min: 8.5, max: 8.5 }
      await test.catalogue.putOffers('import', [makeOffer('10001', { price, quoted: null })], 1000)
      await test.catalogue.putOffers('import', [makeOffer('10001', { price: null, quoted })], 2000)
      expect(await offerOf()).toMatchObject({ price: null, quoted })
      await test.catalogue.putOffers('import', [makeOffer('10001', { price, quoted: null })], 3000)
      const again = await offerOf()
      expect(again).toMatchObject({ price })
      expect(again?.quoted ?? null).toBeNull()
    })

    it('keeps evidence, ladder and translation, and merges what a later answer says into them', async () => {
      const price = { text: '2.85', min: 2.85, max: 2.85 }
      const first = makeOffer('10001', {
        titleTranslated: 'Face mask',
        priceTiers: [{ minQuantity: 2, price }],
        evidence: {
          ...NO_EVIDENCE,
          sold: { text: '200+', atLeast: 200, days: 90 },
          repurchaseRate: 0.09,
          badges: ['super_factory'],
          serviceScores: {
            composite: 4.5,
            goods: null,
            logistics: 4,
            dispute: null,
            afterSales: null,
            consultation: 5,
          },
        },
      })
      await test.catalogue.putOffers('parse', [first], 1000)
      expect(await test.catalogue.getOffer('10001', ['parse'])).toMatchObject({ offer: first, factsSeenAt: 1000 })

      const sold = { text: '3万+', atLeast: 30_000, days: null }
      const later = { ...NO_EVIDENCE, sold, yearsOn1688: 7, isAd: false }
      await test.catalogue.putOffers('parse', [makeOffer('10001', { evidence: later })], 2000)
      await test.catalogue.putOffers('parse', [makeOffer('10001')], 3000)
      expect(await test.catalogue.getOffer('10001', ['parse'])).toMatchObject({
        offer: { ...first, evidence: { ...first.evidence, sold, yearsOn1688: 7, isAd: false } },
        factsSeenAt: 2000,
        lastSeenAt: 3000,
      })
    })

    it('finds the offers of a shop by its name or its ID at the source, the latest first', async () => {
      const byId = { evidence: { ...NO_EVIDENCE, shopId: 'b2b-1' } }
      await test.catalogue.putOffers('parse', [makeOffer('10001', { shopName: '甲厂' })], 1000)
      await test.catalogue.putOffers('parse', [makeOffer('10002', { shopName: '乙厂', ...byId })], 2000)
      await test.catalogue.putOffers('parse', [makeOffer('10003', { shopName: '乙厂' })], 3000)
      await test.catalogue.putOffers('sample', [makeOffer('10004', { shopName: '甲厂' })], 4000)
      const idsOf = async (shopId: string | null, shopName: string | null, limit = 10) => {
        const found = await test.catalogue.offersOfShop({ shopId, shopName, sources: ['parse'], limit })
        return found.map(({ offer }) => offer.offerId)
      }
      expect(await idsOf(null, '甲厂')).toEqual(['10001'])
      expect(await idsOf('b2b-1', null)).toEqual(['10002'])
      expect(await idsOf('b2b-1', '甲厂')).toEqual(['10002', '10001'])
      expect(await idsOf(null, '乙厂', 1)).toEqual(['10003'])
      expect(await idsOf('b2b-2', '丙厂')).toEqual([])
    })

    it('keeps the latest sighting even if an older one is stored after it', async () => {
      const latest = makeOffer('10001', { title: '新标题', price: { text: '3', min: 3, max: 3 } })
      await test.catalogue.putOffers('parse', [latest], 2000)
      await test.catalogue.putOffers('parse', [makeOffer('10001'), makeOffer('10002')], 1000)
      expect(await test.catalogue.getOffer('10001', ['parse'])).toMatchObject({ offer: latest, lastSeenAt: 2000 })
      expect(await test.catalogue.getOffer('10002', ['parse'])).toMatchObject({ lastSeenAt: 1000 })
    })

    it('prefers a sighting now to one by a clock that was ahead', async () => {
      const now = Date.now()
      await test.catalogue.putOffers('parse', [makeOffer('10001', { title: '旧' })], now + DAY_MS)
      await test.catalogue.putOffers('parse', [makeOffer('10001', { title: '新' })], now)
      const known = { offer: { title: '新' }, lastSeenAt: now }
      expect(await test.catalogue.getOffer('10001', ['parse'])).toMatchObject(known)
    })

    it('never mixes two places', async () => {
      const at = async (province: string | null, city: string | null) => {
        await test.catalogue.putOffers('parse', [makeOffer('10001', { province, city })], 1000)
        const kept = await test.catalogue.getOffer('10001', ['parse'])
        return [kept?.offer.province, kept?.offer.city]
      }
      expect(await at('浙江省', '金华市')).toEqual(['浙江省', '金华市'])
      expect(await at('浙江省', null)).toEqual(['浙江省', '金华市'])
      expect(await at(null, '金华市')).toEqual(['浙江省', '金华市'])
      expect(await at('广东省', null)).toEqual(['广东省', null])
      expect(await at(null, '泉州市')).toEqual([null, '泉州市'])
    })

    it('stores an offer once per source and returns the most recently seen', async () => {
      await test.catalogue.putOffers('parse', [makeOffer('10001', { title: 'old' })], 1000)
      await test.catalogue.putOffers('tmapi', [makeOffer('10001', { title: 'new' })], 2000)
      expect((await test.catalogue.getOffer('10001', ['parse', 'tmapi']))?.source).toBe('tmapi')
      expect((await test.catalogue.getOffer('10001', ['parse']))?.offer.title).toBe('old')
    })

    it('lists page by page without gaps or repeats', async () => {
      const ids = Array.from({ length: 25 }, (_, i) => String(10_000 + i))
      await test.catalogue.putOffers(
        'parse',
        ids.map(id => makeOffer(id)),
        1000,
      )
      await test.catalogue.putOffers('import', [makeOffer('10007')], 1000)
      const seen: string[] = []
      for (let after: { source: string; offerId: string } | null = null; ; ) {
        const page = await test.catalogue.list(null, after, 10)
        seen.push(...page.map(({ source, offer }) => `${source} ${offer.offerId}`))
        const last = page.at(-1)
        if (!last) break
        after = { source: last.source, offerId: last.offer.offerId }
      }
      expect(seen).toEqual(['import 10007', ...ids.map(id => `parse ${id}`)])
      expect(await test.catalogue.list(['import'], null, 10)).toHaveLength(1)
    })

    it('counts offers, pictures and vectors by source', async () => {
      const offers = [makeOffer('10001'), makeOffer('10002'), makeOffer('10003', { imageUrl: null })]
      await test.catalogue.putMirrorPage('parse', offers, { pagesFetched: 1, totalFound: 734, completedAt: null }, 1000)
      await test.catalogue.putOffers('import', [makeOffer('10001')], 2000)
      await test.catalogue.putOffers('import', [makeOffer('10001')], 3000)
      await test.catalogue.putEmbedding(pictureOf('parse', makeOffer('10001')), MODEL, makeVector(1))
      expect(await test.catalogue.stats(MODEL)).toEqual([
        {
          source: 'import',
          offers: 1,
          withPicture: 1,
          embedded: 0,
          firstSeenAt: 2000,
          lastSeenAt: 3000,
          mirror: null,
        },
        {
          source: 'parse',
          offers: 3,
          withPicture: 2,
          embedded: 1,
          firstSeenAt: 1000,
          lastSeenAt: 1000,
          mirror: { pagesFetched: 1, totalFound: 734, completedAt: null },
        },
      ])
    })

    it('rejects with store_unavailable after close', async () => {
      await test.catalogue.checkKept()
      await test.catalogue.close()
      await expect(test.catalogue.checkKept()).rejects.toMatchObject({ code: 'store_unavailable' })
      await expect(test.catalogue.getOffer('10001', ['parse'])).rejects.toMatchObject({ code: 'store_unavailable' })
      await expect(test.nearest()).rejects.toMatchObject({ code: 'store_unavailable' })
    })
  })

  describe('removing', () => {
    it('removes given offers and returns their number', async () => {
      await test.embed('parse', [makeOffer('10001'), makeOffer('10002')], makeVector)
      expect(await test.catalogue.remove('parse', ['10001', '99999'])).toBe(1)
      expect(await test.catalogue.getOffer('10001', ['parse'])).toBeNull()
      expect(await test.idsOf()).toEqual(['10002'])
    })

    it('removes a whole source with its mirror and leaves the others', async () => {
      const offers = Array.from({ length: 450 }, (_, i) => makeOffer(String(10_000 + i)))
      await test.catalogue.putMirrorPage('parse', offers, { pagesFetched: 8, totalFound: 450, completedAt: 5 }, 1000)
      await test.catalogue.putOffers('import', offers.slice(0, 2), 1000)
      expect(await test.catalogue.remove('parse', null)).toBe(450)
      expect(await test.catalogue.getMirror('parse')).toBeNull()
      expect((await test.catalogue.stats(MODEL)).map(({ source, offers }) => [source, offers])).toEqual([['import', 2]])
    })

    it('does not bring old vectors back with an offer that returns', async () => {
      await test.embed('parse', [makeOffer('10001')], makeVector)
      expect((await test.nearest()).compared).toBe(1)
      await test.catalogue.remove('parse', null)
      await test.catalogue.putOffers('parse', [makeOffer('10001')], 2000)
      expect(await test.nearest()).toEqual({
        hits: [],
        bestCosine: null,
        compared: 0,
        known: 1,
        fitting: 1,
        reference: null,
      })
    })
  })

  describe('mirroring', () => {
    it('keeps a page and the state together, and reads them from another handle', async () => {
      expect(await test.catalogue.getMirror('parse')).toBeNull()
      const state = { pagesFetched: 1, totalFound: 734, completedAt: null }
      await test.catalogue.putMirrorPage('parse', [makeOffer('10001')], state, 1000)
      const other = await test.openAnother()
      expect(await other.getMirror('parse')).toEqual(state)
      expect(await other.getOffer('10001', ['parse'])).not.toBeNull()
      await other.putMirrorPage('parse', [], { pagesFetched: 13, totalFound: 734, completedAt: 9 }, 1000)
      expect(await test.catalogue.getMirror('parse')).toEqual({ pagesFetched: 13, totalFound: 734, completedAt: 9 })
    })
  })
}
