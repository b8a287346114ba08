import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { labelsOf } from '../../../src/view/parts/labels.ts'
import { readComparison } from '../../../src/view/replies/comparison.ts'
import {
  type Arranged,
  arrange,
  type GridOffer,
  lowestPrice,
  NO_FILTERS,
  placesOf,
  readPage,
  withCard,
} from '../../../src/view/replies/offers.ts'

const OFFER: GridOffer = {
  offerId: '10001',
  title: '保温杯',
  price: null,
  quoted: null,
  lowPrice: null,
  priceOther: null,
  seller: null,
  isAd: false,
  status: null,
  marks: { sold: null, repurchase: null, years: null },
  shopName: null,
  city: null,
  province: null,
  moq: null,
  unit: null,
  likeness: null,
  unlisted: [],
  picture: null,
  link: null,
}
const offer = (offerId: string, more: Partial<GridOffer>): GridOffer => ({ ...OFFER, offerId, ...more })
const idsOf = (offers: readonly Arranged[]) =>
  offers.map(({ offer, unknown }) => [offer.offerId, ...unknown].join(' ')).join()

describe('reading a search reply', () => {
  it('reads a price in another currency apart from CNY, which alone is compared', () => {
    const product = { offer_id: '900000000000001', title: 'Cup', quoted: '1.20 USD' }
    expect(readPage({ products: [product], page: 1, page_size: 10 })?.offers[0]).toMatchObject({
      price: null,
      lowPrice: null,
      quoted: '1.20 USD',
    })
  })

  it('derives the likeness from the counts, and missing values stay unknown', () => {
    const page = readPage({
      products: [
        { offer_id: '1', title: 'a', price: '25.65-2.88' },
        { offer_id: '2', title: 'b' },
        { offer_id: '3', title: 'c' },
        { title: 'nameless' },
      ],
      match: { same_item: 1, probably_same_item: 0, similar: 1 },
      query_image_url: 'cup.jpg',
      total_found: 310,
      source: { upstream: 'parse', age_s: 90, stale: true },
      credits: { spent: 1 },
    })
    expect(page?.offers.map(({ likeness }) => likeness)).toEqual(['same', 'similar', 'unlike'])
    expect(page?.offers[0]).toMatchObject({ price: '25.65-2.88', lowPrice: 2.88, moq: null })
    expect(page).toMatchObject({ query: ['cup.jpg', null], totalFound: 310 })
    expect(page?.provenance).toEqual({
      upstream: 'parse',
      ageS: 90,
      isStale: true,
      creditsSpent: 1,
      note: [null, null],
    })
  })

  it('never throws, whatever a host sends', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (value, other) => {
        for (const reply of [value, { products: value, match: other }, { products: [value], source: other }])
          readPage(reply)
        for (const reply of [value, { offers: value }, { offers: [value], failed: other }]) readComparison(reply)
      }),
    )
    expect(readPage({ products: [], query: '保温杯' })).toMatchObject({
      query: ['保温杯', null],
      offers: [],
      totalFound: null,
    })
    expect(readPage(undefined)).toBeNull()
    expect(readComparison({ products: [] })).toBeNull()
  })

  it('completes offers with cards: thumbnails replace addresses, values of the reply stay', () => {
    const known = offer('1', { unit: '件', picture: 'https://cbu01.alicdn.com/large.jpg' })
    expect(
      withCard(known, { image_url: 'https://x/small.jpg', moq: 3, unit: '个', detail_url: 'https://d/' }),
    ).toMatchObject({
      picture: 'https://x/small.jpg',
      moq: 3,
      unit: '件',
      link: 'https://d/',
    })
    expect(withCard(known, { thumbnail: 'data:image/webp;base64,AA', image_url: 'https://x/s.jpg' }).picture).toMatch(
      /^data:/,
    )
    expect(withCard(known, {}).picture).toBe(known.picture)
  })
})

describe('arranging offers', () => {
  const offers = [
    offer('1', { lowPrice: 5, moq: 10, likeness: 'same', seller: 'factory', city: '义乌市', province: '浙江省' }),
    offer('2', { lowPrice: null, moq: null, likeness: 'similar', seller: 'trader', city: '广州市' }),
    offer('3', { lowPrice: 2, moq: 100, likeness: 'unlike', city: '义乌市' }),
    offer('4', { lowPrice: 9, moq: 2, likeness: null }),
  ]

  it('sorts unknown values last in every order', () => {
    expect(idsOf(arrange(offers, 'best', NO_FILTERS))).toBe('1,2,3,4')
    expect(idsOf(arrange(offers, 'cheap', NO_FILTERS))).toBe('3,1,4,2')
    expect(idsOf(arrange(offers, 'dear', NO_FILTERS))).toBe('4,1,3,2')
    expect(idsOf(arrange(offers, 'moq', NO_FILTERS))).toBe('4,1,3,2')
  })

  it('keeps unknown values of a filter, marked and after those that fit', () => {
    const pass = (filters: Partial<typeof NO_FILTERS>) => idsOf(arrange(offers, 'best', { ...NO_FILTERS, ...filters }))
    expect(pass({ maxPrice: 5 })).toBe('1,3,2 price')
    expect(pass({ maxMoq: 10 })).toBe('1,4,2 moq')
    expect(pass({ factoriesOnly: true })).toBe('1,3 seller,4 seller')
    expect(pass({ place: '义乌市' })).toBe('1,3,4 place')
    expect(pass({ place: '浙江省' })).toBe('1,2 place,3 place,4 place')
    expect(pass({ place: '义乌市', maxMoq: 1 })).toBe('')
    expect(pass({ factoriesOnly: true, maxMoq: 5 })).toBe('4 seller')
    expect(placesOf(offers)).toEqual(['义乌市', '广州市'])
  })

  it('keeps what the search itself marked after the rest, in every order', () => {
    const page = readPage({
      products: [
        { offer_id: '1', title: 'a', price: '9.00' },
        { offer_id: '2', title: 'b', price: '1.00', unlisted: 'MOQ, kind of seller not listed' },
      ],
    })
    expect(idsOf(arrange(page?.offers ?? [], 'cheap', NO_FILTERS))).toBe('1,2 moq seller')
  })

  it('keeps every offer in every order if nothing is filtered', () => {
    const anyOffer = fc.record({ lowPrice: fc.option(fc.double({ noNaN: true })), moq: fc.option(fc.nat()) })
    fc.assert(
      fc.property(fc.array(anyOffer), fc.constantFrom('best', 'cheap', 'dear', 'moq'), (some, sort) => {
        const all = some.map((values, index) => offer(String(index), values))
        expect(new Set(arrange(all, sort, NO_FILTERS).map(({ offer: kept }) => kept))).toEqual(new Set(all))
      }),
    )
  })

  it('reads the lowest number of a price', () => {
    expect(lowestPrice('2.88-25.65')).toBe(2.88)
    expect(lowestPrice('16.50')).toBe(16.5)
    expect(lowestPrice('面议')).toBeNull()
    expect(lowestPrice(null)).toBeNull()
  })
})

describe('labels', () => {
  it('are Chinese for every Chinese locale and English for all others', () => {
    for (const locale of ['zh', 'zh-CN', 'zh-Hant-TW', 'ZH-hk']) expect(labelsOf(locale).compare).toBe('对比')
    for (const locale of ['en', 'de-DE', '', 'zhx']) expect(labelsOf(locale).compare).toBe('Compare')
  })

  it('show counts, and ages in whole units', () => {
    const { age, found, moq } = labelsOf('en')
    expect([age(5), age(90), age(7200), age(400_000)]).toEqual([
      'as of 5 s ago',
      'as of 2 min ago',
      'as of 2 h ago',
      'as of 5 days ago',
    ])
    expect([found(1, 1), found(10, 310), found(10, null)]).toEqual(['1 offer', '10 of 310 offers', '10 offers'])
    expect([moq(2, '件'), moq(2, null)]).toEqual(['MOQ 2 件', 'MOQ 2'])
    expect(labelsOf('zh').moq(2, '双')).toBe('2 双起批')
    expect(labelsOf('zh').moq(2, null)).toBe('2 起批')
    expect(labelsOf('en').compared(1)).toBe('1 offer compared')
  })
})
