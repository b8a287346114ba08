import { describe, expect, it } from 'vitest'
import type { UnembeddedQuery } from '../../src/catalogue/catalogue.ts'
import { MODEL, makeOffer, makeVector, pictureOf } from '../support/catalogue-offers.ts'
import { cosineOf } from '../support/cosine.ts'
import type { CatalogueUnderTest } from './catalogue-suite.ts'

export function describePhotos(test: CatalogueUnderTest): void {
  describe('photos of an offer beside its first picture', () => {
    const photo = (name: string) => `https://cbu01.alicdn.com/img/ibank/${name}.jpg`
    const withPhotos = makeOffer('10001', { photos: [photo('side'), photo('back'), photo('label')] })
    const query: UnembeddedQuery = { model: MODEL, photos: 2, sources: ['parse'], limit: 10, now: 1000 }
    const due = async (changes: Partial<UnembeddedQuery> = {}) =>
      (await test.catalogue.listUnembedded({ ...query, ...changes })).map(({ imageUrl }) => imageUrl)
    const of = (name: string) => ({ source: 'parse', offerId: '10001', imageUrl: photo(name) })
    /** Vectors by seed: the first picture 1, its side 2, its back 3. */
    const embedAll = async () => {
      await test.embed('parse', [withPhotos, makeOffer('10002')], index => makeVector(index === 0 ? 1 : 7))
      await test.catalogue.putEmbedding(of('side'), MODEL, makeVector(2))
      await test.catalogue.putEmbedding(of('back'), MODEL, makeVector(3))
    }
    const cosineBy = async (seed: number) => {
      const { hits, compared } = await test.nearest({ vectors: [makeVector(seed)] })
      expect(compared).toBe(2)
      expect(hits).toHaveLength(2)
      return hits.find(({ offer }) => offer.offerId === '10001')?.cosine ?? Number.NaN
    }

    it('are kept, replaced as a whole, and not forgotten by a sighting without any', async () => {
      const read = async () => (await test.catalogue.getOffer('10001', ['parse']))?.offer.photos
      await test.catalogue.putOffers('parse', [withPhotos], 1)
      await test.catalogue.putOffers('parse', [makeOffer('10001')], 2)
      expect(await read()).toEqual(withPhotos.photos)
      await test.catalogue.putOffers('parse', [makeOffer('10001', { photos: [photo('other')] })], 3)
      expect(await read()).toEqual([photo('other')])
    })

    it('are due after all first pictures, up to the number asked for', async () => {
      await test.catalogue.putOffers('parse', [withPhotos, makeOffer('10002')], 1)
      expect(await due()).toEqual(expect.arrayContaining([withPhotos.imageUrl, makeOffer('10002').imageUrl]))
      await test.catalogue.putEmbedding(pictureOf('parse', withPhotos), MODEL, makeVector(1))
      expect(await due()).toEqual([makeOffer('10002').imageUrl])
      await test.catalogue.putEmbedding(pictureOf('parse', makeOffer('10002')), MODEL, makeVector(2))
      expect(await due()).toEqual([photo('side'), photo('back')])
      expect(await due({ limit: 1 })).toEqual([photo('side')])
      expect(await due({ photos: 0 })).toEqual([])
      await test.catalogue.putEmbedding(of('side'), MODEL, makeVector(3))
      await test.catalogue.putEmbeddingFailure(of('back'), MODEL, 900, 'broken')
      expect(await due()).toEqual([])
      expect(await due({ photos: 5 })).toEqual([photo('label')])
      expect(await test.catalogue.forgetFailures()).toBe(1)
      expect(await due()).toEqual([photo('back')])
    })

    it('are listed with the reason once they failed, and tried again by source', async () => {
      const cup = makeOffer('10001', { title: 'Cup', photos: [photo('side')] })
      for (const source of ['import', 'parse']) await test.catalogue.putOffers(source, [cup, makeOffer('10002')], 1000)
      const side = { ...pictureOf('import', cup), imageUrl: photo('side') }
      const failed = [pictureOf('import', cup), side, pictureOf('parse', cup)]
      for (const [index, picture] of failed.entries())
        await test.catalogue.putEmbeddingFailure(picture, MODEL, 5000, `reason ${index}`)
      const listed = (sources: string[] | null, model = MODEL, limit = 10) =>
        test.catalogue.listFailures(sources, model, limit)
      const all = failed.map((picture, index) => ({ ...picture, title: 'Cup', reason: `reason ${index}` }))
      expect(new Set(await listed(null))).toEqual(new Set(all))
      expect(await listed(['parse'])).toEqual(all.slice(2))
      expect(await listed(null, MODEL, 1)).toHaveLength(1)
      expect(await listed(null, 'model-b')).toEqual([])
      expect(await test.catalogue.forgetFailures('import')).toBe(2)
      expect(await listed(null)).toEqual(all.slice(2))
    })

    it('give an offer the score of its best picture, and count it once', async () => {
      await embedAll()
      for (const seed of [1, 2, 3]) expect(await cosineBy(seed)).toBeCloseTo(1, 4)
      const others = [1, 2, 3].map(seed => cosineOf(makeVector(9), makeVector(seed)))
      expect(await cosineBy(9)).toBeCloseTo(Math.max(...others), 4)
      const cosines = await test.catalogue.similarities('parse', ['10001', '10002'], MODEL, [makeVector(3)])
      expect(cosines.get('10001')).toBeCloseTo(1, 4)
      expect(cosines.size).toBe(2)
    })

    it('show the same thing as the nearest offer if any of them does', async () => {
      await test.embed('parse', [makeOffer('10003'), makeOffer('10004')], index => makeVector(20 + index))
      await embedAll()
      const other = { ...of('x'), offerId: '10004' }
      await test.catalogue.putOffers('parse', [makeOffer('10004', { photos: [other.imageUrl] })], 2000)
      await test.catalogue.putEmbedding(other, MODEL, makeVector(3))
      const reference = { sameThing: 0.99, found: new Set<string>() }
      // 10001 is nearest, and 10004 has the same photo.
      expect((await test.nearest({ vectors: [makeVector(1)], reference })).reference?.others).toBe(2)
    })

    it('lose their vectors once they are no longer listed, or the first picture changes', async () => {
      await embedAll()
      await test.catalogue.putOffers('parse', [makeOffer('10001', { photos: [photo('back')] })], 2000)
      expect(await cosineBy(2)).toBeLessThan(0.99)
      expect(await cosineBy(3)).toBeCloseTo(1, 4)
      const renewed = makeOffer('10001', { imageUrl: photo('renewed') })
      await test.catalogue.putOffers('parse', [renewed], 3000)
      await test.catalogue.putEmbedding(pictureOf('parse', renewed), MODEL, makeVector(4))
      expect(await cosineBy(3)).toBeLessThan(0.99)
      expect(await due()).toEqual([photo('back')])
    })

    it('are ignored by writes for a photo that is not listed', async () => {
      await embedAll()
      await test.catalogue.putEmbedding(of('unlisted'), MODEL, makeVector(9))
      await test.catalogue.putEmbeddingFailure(of('unlisted'), MODEL, 900, 'broken')
      expect(await cosineBy(9)).toBeLessThan(0.99)
      expect(await test.catalogue.forgetFailures()).toBe(0)
    })
  })

  it('pictures with a vector of the replaced model are due after new ones', async () => {
    await test.catalogue.putOffers('parse', [makeOffer('10001')], 1)
    await test.catalogue.putEmbedding(pictureOf('parse', makeOffer('10001')), 'old', makeVector(1))
    await test.catalogue.putOffers('parse', [makeOffer('10002')], 1)
    await test.catalogue.putOffers('parse', [makeOffer('10001')], 5)
    const list = async (limit: number) => {
      const query = { model: MODEL, replaced: 'old', photos: 0, sources: ['parse'], limit, now: 10 }
      return (await test.catalogue.listUnembedded(query)).map(({ offerId }) => offerId)
    }
    expect(await list(1)).toEqual(['10002'])
    expect(await list(10)).toEqual(['10002', '10001'])
  })
}
