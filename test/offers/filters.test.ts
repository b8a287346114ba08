import { describe, expect, it } from 'vitest'
import { NO_EVIDENCE } from '../../src/offers/evidence/evidence.ts'
import { compareBy, createOfferFilter } from '../../src/offers/filters.ts'
import { makeOffer } from '../support/catalogue-offers.ts'

const price = (min: number) => ({ text: String(min), min, max: min })

describe('createOfferFilter', () => {
  it('names the values that a listing lacks instead of dropping it', () => {
    const bare = makeOffer('10001', { price: null, moq: null, city: null, province: null })
    const filter = createOfferFilter({ minPrice: 1, maxPrice: 9, maxMoq: 5, location: 'Yiwu', seller: 'factory' })
    expect(filter(bare)).toEqual(['price', 'MOQ', 'place', 'kind of seller'])
  })

  it('drops an offer that misses one filter, whatever else is unknown', () => {
    const filter = createOfferFilter({ minPrice: 3, maxMoq: 5 })
    expect(filter(makeOffer('10001', { price: price(2), moq: null }))).toBeNull()
    expect(filter(makeOffer('10001', { price: null, moq: 6 }))).toBeNull()
    expect(filter(makeOffer('10001', { price: price(3), moq: 5 }))).toEqual([])
  })

  it('trusts the upstream on a value that its answer does not have', () => {
    const filter = createOfferFilter({ maxMoq: 5, seller: 'verified' }, { maxMoq: 5 })
    expect(filter(makeOffer('10001', { moq: null }))).toEqual(['kind of seller'])
    expect(filter(makeOffer('10001', { moq: 6 }))).toBeNull()
  })

  it('knows a factory by its kind or its badge', () => {
    const filter = createOfferFilter({ seller: 'factory' })
    const seller = (evidence: object) => filter(makeOffer('10001', { evidence: { ...NO_EVIDENCE, ...evidence } }))
    expect(seller({ sellerKind: 'factory' })).toEqual([])
    expect(seller({ badges: ['super_factory'] })).toEqual([])
    expect(seller({ sellerKind: 'trader' })).toBeNull()
    expect(seller({})).toEqual(['kind of seller'])
  })
})

describe('compareBy', () => {
  it('puts unknown values last in every order', () => {
    const offers = [null, 2, 1].map((min, index) =>
      makeOffer(String(10_001 + index), { price: min === null ? null : price(min) }),
    )
    const ids = (sort: 'price_asc' | 'price_desc' | 'sales') =>
      offers.toSorted(compareBy(sort)).map(({ offerId }) => offerId)
    expect(ids('price_asc')).toEqual(['10003', '10002', '10001'])
    expect(ids('price_desc')).toEqual(['10002', '10003', '10001'])
    expect(ids('sales')).toEqual(['10001', '10002', '10003'])
  })
})
