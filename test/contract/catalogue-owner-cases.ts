/** The cases of the catalogue's contract on whose imported offers a caller sees, finds, counts and removes. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createHoldings, withinRoom } from '../../src/catalogue/holdings.ts'
import { createOwnedCatalogue, EVERYBODY, OPERATOR, type OwnedCatalogue } from '../../src/catalogue/owners.ts'
import { MODEL, makeOffer, makeVector } from '../support/catalogue-offers.ts'
import type { CatalogueUnderTest } from './catalogue-suite.ts'

const SOURCES = ['parse', 'import']
const ANA = 'key:aaaaaaaa'
const BEN = 'key:bbbbbbbb'

/** Declares the cases. */
export function describeOwners(test: CatalogueUnderTest): void {
  describe('two owners of the same offer ID', () => {
    const as = (owner: string): OwnedCatalogue => createOwnedCatalogue(test.catalogue, owner)
    const titleFor = async (owner: string) => (await as(owner).getOffer('10001', ['import']))?.offer.title

    beforeEach(async () => {
      await test.catalogue.putOffers('parse', [makeOffer('10001', { title: '保温杯 live' })], 1000)
      for (const owner of [ANA, BEN]) {
        const offer = makeOffer('10001', {
          title: `保温杯 ${owner}`,
          shopName: owner,
          imageUrl: `https://x.test/${owner}`,
        })
        await as(owner).putOffers('import', [offer], 2000)
      }
      const pictures = await test.catalogue.listUnembedded({
        model: MODEL,
        photos: 2,
        sources: ['import@key:aaaaaaaa', 'import@key:bbbbbbbb'],
        limit: 10,
        now: 1,
      })
      for (const picture of pictures)
        await test.catalogue.putEmbedding(picture, MODEL, makeVector(picture.imageUrl.length))
    })

    it('each reads their own, beside what an upstream said, and nobody else does', async () => {
      expect(await titleFor(ANA)).toBe(`保温杯 ${ANA}`)
      expect(await titleFor(BEN)).toBe(`保温杯 ${BEN}`)
      expect(await titleFor(OPERATOR)).toBeUndefined()
      expect(await titleFor(EVERYBODY)).toBeUndefined()
      expect((await as(ANA).getOffer('10001', ['parse']))?.offer.title).toBe('保温杯 live')
      expect((await as(ANA).getOffer('10001', SOURCES))?.source).toBe('import')
    })

    it('each holds their own only, within their own room', async () => {
      const [anas, bens] = [ANA, BEN].map(owner => createHoldings(test.catalogue, owner))
      if (!anas || !bens) throw new Error('no holdings')
      await as(ANA).putOffers('import', [makeOffer('10002')], 2000)
      await as(EVERYBODY).putOffers('import', [makeOffer('10003')], 2000)
      expect([await anas.count(), await bens.count()]).toEqual([2, 1])
      const row = (offerId: string) => ({
        line: Number(offerId),
        offer: makeOffer(offerId),
        notes: [],
        formerId: null,
        rate: null,
      })
      const held = [anas.has(row('10002')), bens.has(row('10002')), anas.has(row('10003'))]
      expect(await Promise.all(held)).toEqual([true, false, false])
      expect(await bens.pictures()).toEqual(new Set([`https://x.test/${BEN}`]))
      const sent = async function* () {
        for (const offerId of ['10004', '10001', '10005']) yield row(offerId)
      }
      const kept: string[] = []
      for await (const row of withinRoom(sent(), { holdings: bens, most: 2, expected: 3 }))
        kept.push('reason' in row ? row.reason : row.offer.offerId)
      expect(kept).toEqual(['10004', '10001', 'No room: this account may have 2 own offers, and has 2.'])
    })

    it('each finds, ranks and counts their own only', async () => {
      const page = { sources: SOURCES, filters: {}, offset: 0, limit: 10 }
      for (const owner of [ANA, BEN]) {
        const seen = as(owner)
        const shops = (rows: readonly { offer: { shopName: string | null } }[]) =>
          rows.map(({ offer }) => offer.shopName).filter(name => name?.startsWith('key:'))
        const nearest = await seen.nearest({ ...page, model: MODEL, vectors: [makeVector(1)] })
        expect(shops(nearest.hits)).toEqual([owner])
        expect(nearest).toMatchObject({ compared: 1, known: 1 })
        const found = await seen.searchKeyword({ ...page, text: '保温杯' })
        expect(shops(found.offers)).toEqual([owner])
        expect(found.found).toBe(1)
        expect(shops(await seen.list(SOURCES, null, 10))).toEqual([owner])
        expect(shops(await seen.list(null, null, 10))).toEqual([owner])
        expect(await seen.stats(MODEL)).toMatchObject([
          { source: 'import', offers: 1, embedded: 1 },
          { source: 'parse', offers: 1 },
        ])
        const ofShop = (shopName: string) => seen.offersOfShop({ shopId: null, shopName, sources: SOURCES, limit: 10 })
        expect(shops(await ofShop(owner))).toEqual([owner])
        expect(await ofShop(owner === ANA ? BEN : ANA)).toEqual([])
        expect([...(await seen.similarities('import', ['10001'], MODEL, [makeVector(1)])).keys()]).toEqual(['10001'])
      }
      expect(await as(OPERATOR).stats(MODEL)).toMatchObject([{ source: 'parse', offers: 1 }])
      expect(await as(OPERATOR).similarities('import', ['10001'], MODEL, [makeVector(1)])).toEqual(new Map())
    })

    it('each keeps the same ID in several catalogues, searched together or one', async () => {
      await as(ANA)
        .importsOf('summer')
        .put([makeOffer('10001', { title: '保温杯 summer' })], 3000)
      await as(BEN)
        .importsOf('summer')
        .put([makeOffer('10001', { title: '保温杯 other' })], 3000)
      const sourcesOf = (rows: readonly { source: string; offer: { title: string } }[]) =>
        rows.map(({ source, offer }) => [source, offer.title]).sort()
      const both = [
        ['import', `保温杯 ${ANA}`],
        ['import/summer', '保温杯 summer'],
      ]
      const words = { text: '保温杯', filters: {}, offset: 0, limit: 10 }
      expect(await as(ANA).listSources()).toEqual(['import', 'import/summer', 'parse'])
      expect(sourcesOf(await as(ANA).getOffers(['10001'], ['import']))).toEqual(both)
      expect(sourcesOf((await as(ANA).searchKeyword({ ...words, sources: ['import'] })).offers)).toEqual(both)
      expect(sourcesOf((await as(ANA).searchKeyword({ ...words, sources: ['import/summer'] })).offers)).toEqual([
        both[1],
      ])
      expect((await as(ANA).stats(MODEL)).map(({ source, offers }) => [source, offers])).toEqual([
        ['import', 1],
        ['import/summer', 1],
        ['parse', 1],
      ])
      expect(await as(ANA).remove('import/summer', null)).toBe(1)
      expect(sourcesOf(await as(ANA).list(['import'], null, 10))).toEqual([both[0]])
      expect(sourcesOf(await as(BEN).list(['import'], null, 10))).toHaveLength(2)
    })

    it('a name that spells out the other owner opens nothing', async () => {
      const spelt = `import@${BEN}`
      expect(await as(ANA).getOffer('10001', [spelt])).toBeNull()
      expect(await as(ANA).list([spelt], null, 10)).toEqual([])
      expect(await as(ANA).remove(spelt, null)).toBe(0)
      expect(await titleFor(BEN)).toBe(`保温杯 ${BEN}`)
    })

    it('each removes and overwrites their own only', async () => {
      await as(ANA).putOffers('import', [makeOffer('10001', { title: 'new' })], 3000)
      expect([await titleFor(ANA), await titleFor(BEN)]).toEqual(['new', `保温杯 ${BEN}`])
      expect(await as(ANA).remove('import', null)).toBe(1)
      expect([await titleFor(ANA), await titleFor(BEN)]).toEqual([undefined, `保温杯 ${BEN}`])
    })

    it('everybody sees what was imported for all, and only the operator removes it', async () => {
      await as(EVERYBODY).putOffers('import', [makeOffer('10002'), makeOffer('10001')], 1500)
      expect(await titleFor(ANA)).toBe(`保温杯 ${ANA}`)
      expect(await titleFor(OPERATOR)).toBe('保温杯 10001')
      const listed = await as(ANA).list(['import'], { source: 'import', offerId: '10001' }, 10)
      expect(listed.map(({ source, offer }) => [source, offer.offerId])).toEqual([['import', '10002']])
      expect(await as(ANA).stats(MODEL)).toMatchObject([
        { source: 'import', offers: 3, firstSeenAt: 1500, lastSeenAt: 2000 },
        { source: 'parse' },
      ])
      expect(await as(ANA).remove('import', ['10002'])).toBe(0)
      expect(await as(OPERATOR).remove('import', ['10002'])).toBe(1)
    })
  })
}
