import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_EVIDENCE } from '../../src/offers/evidence/evidence.ts'
import type { Likeness } from '../../src/offers/results/results.ts'
import type { PricedOffer } from '../../src/offers/results/source-many-result.ts'
import { sharedSuppliers } from '../../src/offers/shared-suppliers.ts'

interface Shop {
  id?: string
  name?: string
}

let made = 0

function offerOf(
  { id, name }: Shop,
  total: bigint | null = 100n,
  likeness: Likeness | null = 'same item',
): PricedOffer {
  return {
    offer: {
      offerId: String(70_000 + made++),
      title: '杯',
      price: null,
      moq: null,
      unit: null,
      shopName: name ?? null,
      city: null,
      province: null,
      imageUrl: null,
      evidence: { ...NO_EVIDENCE, shopId: id ?? null },
    },
    source: 'tmapi',
    similarity: null,
    likeness,
    unlisted: [],
    quote: {
      orderQuantity: 1,
      meetsMoq: null,
      meetsLot: null,
      unitPrice: null,
      basis: 'unknown',
      variant: null,
      total: total === null ? null : { low: total, high: total },
    },
  }
}

const coversOf = (products: PricedOffer[][]) =>
  sharedSuppliers(products).map(({ covers }) => covers.map(({ product }) => product))

describe('suppliers of several products', () => {
  it('are those with offers for at least two, the most first', () => {
    const [a, b, c] = [{ id: 'a' }, { id: 'b' }, { id: 'c' }]
    expect(coversOf([[offerOf(a), offerOf(b)], [offerOf(b)], [offerOf(c), offerOf(b), offerOf(a)]])).toEqual([
      [0, 1, 2],
      [0, 2],
    ])
  })

  it('count once for each product, with the best offer', () => {
    const first = offerOf({ id: 'a' })
    const [supplier] = sharedSuppliers([[first, offerOf({ id: 'a' })], [offerOf({ id: 'a' })]])
    expect(supplier?.covers.map(({ offer }) => offer)[0]).toBe(first)
    expect(supplier?.covers).toHaveLength(2)
  })

  it('are recognised by name where a listing lacks the ID, and never by an unknown name', () => {
    expect(coversOf([[offerOf({ id: 'a', name: '甲厂' })], [offerOf({ name: '甲厂' })]])).toEqual([[0, 1]])
    expect(coversOf([[offerOf({})], [offerOf({})]])).toEqual([])
    expect(coversOf([[offerOf({ id: 'a', name: '甲厂' })], [offerOf({ id: 'b', name: '甲厂' })]])).toEqual([])
  })

  it('do not have what only looks a little like the product', () => {
    expect(coversOf([[offerOf({ id: 'a' }, 1n, 'not alike')], [offerOf({ id: 'a' })]])).toEqual([])
    expect(coversOf([[offerOf({ id: 'a' }, 1n, null)], [offerOf({ id: 'a' })]])).toEqual([[0, 1]])
  })

  it('have a total only where every order has one', () => {
    const totalOf = (...totals: (bigint | null)[]) =>
      sharedSuppliers(totals.map(total => [offerOf({ id: 'a' }, total)]))[0]?.total
    expect(totalOf(100n, 250n)).toEqual({ low: 350n, high: 350n })
    expect(totalOf(100n, null)).toBeNull()
  })

  it('never name a product that the supplier has no offer for', () => {
    const shop = fc.record({ id: fc.constantFrom('a', 'b', 'c'), name: fc.constantFrom('甲', '乙') })
    fc.assert(
      fc.property(fc.array(fc.array(shop, { maxLength: 5 }), { maxLength: 6 }), shops => {
        const products = shops.map(row => row.map(each => offerOf(each)))
        for (const { shopId, covers } of sharedSuppliers(products)) {
          expect(new Set(covers.map(({ product }) => product)).size).toBe(covers.length)
          for (const { product, offer } of covers) expect(products[product]).toContain(offer)
          for (const { offer } of covers) expect(offer.offer.evidence?.shopId).toBe(shopId)
        }
      }),
    )
  })
})
