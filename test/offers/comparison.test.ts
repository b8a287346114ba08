import { describe, expect, it } from 'vitest'
import { type CompareWishes, compareOffers } from '../../src/offers/comparison.ts'
import type { OfferDetails } from '../../src/offers/offer.ts'
import { formatRange } from '../../src/offers/price/money.ts'
import { makeDetails } from '../support/details.ts'

const NO_WISHES: CompareWishes = { quantity: null, variant: null, maxMoq: null, maxUnitPrice: null }
const ranking = (offers: OfferDetails[], wishes: Partial<CompareWishes> = {}) =>
  compareOffers(offers, { ...NO_WISHES, ...wishes }).offers.map(({ details, misses }) => [details.offerId, ...misses])

describe('a comparison', () => {
  it('puts offers that fit first, then the lowest order total', () => {
    const offers = [
      makeDetails('10001', { price: null }),
      makeDetails('10002', { price: '2-9', moq: 5 }),
      makeDetails('10003', { price: '4', moq: 10 }),
      makeDetails('10004', { price: '1', moq: 5000 }),
      makeDetails('10005', { price: '3.50', moq: 2 }),
    ]
    expect(ranking(offers, { quantity: 100 })).toEqual([
      ['10005'],
      ['10003'],
      ['10002'],
      ['10004', 'moq'],
      ['10001', 'unknown_moq', 'unknown_price'],
    ])
  })

  it('does not say that a quantity can be ordered if the minimum is unknown', () => {
    const offers = [makeDetails('10001', { price: '1', moq: null }), makeDetails('10002', { price: '2', moq: 5 })]
    expect(ranking(offers, { quantity: 100 })).toEqual([['10002'], ['10001', 'unknown_moq']])
    expect(ranking(offers)).toEqual([['10001'], ['10002']])
  })

  it('compares unit prices when each offer has its own order quantity', () => {
    const offers = [makeDetails('10001', { price: '3', moq: 2 }), makeDetails('10002', { price: '2', moq: 1000 })]
    expect(ranking(offers)).toEqual([['10002'], ['10001']])
  })

  it('lists every reason why an offer does not fit; an unknown value does not pass', () => {
    const offers = [
      makeDetails('10001', { price: '9', moq: 500, lotSize: 7 }),
      makeDetails('10002', { price: '2-9', moq: null }),
      makeDetails('10003', { price: '5.00', moq: 50 }),
    ]
    expect(ranking(offers, { quantity: 100, variant: null, maxMoq: 50, maxUnitPrice: 5 })).toEqual([
      ['10003'],
      ['10002', 'unknown_moq', 'some_over_max_unit_price'],
      ['10001', 'moq', 'lot', 'max_moq', 'max_unit_price'],
    ])
  })

  it('does not depend on the order of the offers', () => {
    const offers = ['10003', '10001', '10002'].map(id => makeDetails(id, { price: '2', moq: 1 }))
    expect(ranking(offers)).toEqual(ranking([...offers].reverse()))
  })

  it('gives the median and the range of the known prices, and nothing without any', () => {
    const offers = ['2', '3-5', '4'].map((price, index) => makeDetails(String(10001 + index), { price }))
    const { prices } = compareOffers([...offers, makeDetails('10009', { price: null })], NO_WISHES)
    expect(prices?.offers).toBe(3)
    expect(prices && [formatRange(prices.median), formatRange(prices.span)]).toEqual(['3.00-4.00', '2.00-5.00'])
    expect(compareOffers([makeDetails('10001', { price: null })], NO_WISHES).prices).toBeNull()
  })

  it('groups by province and city, the unknown place last', () => {
    const at = (province: string | null, city: string | null, index: number) =>
      makeDetails(String(10001 + index), { province, city })
    const { places } = compareOffers(
      [
        at(null, null, 0),
        at(null, null, 1),
        at(null, null, 2),
        at('浙江省', '金华市', 3),
        at('广东省', null, 4),
        at('浙江省', '义乌市', 5),
        at('浙江省', '义乌市', 6),
      ],
      NO_WISHES,
    )
    expect(places).toEqual([
      {
        province: '浙江省',
        offers: 3,
        cities: [
          { city: '义乌市', offers: 2 },
          { city: '金华市', offers: 1 },
        ],
      },
      { province: '广东省', offers: 1, cities: [] },
      { province: null, offers: 3, cities: [] },
    ])
  })
})
