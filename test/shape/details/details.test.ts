import { describe, expect, it } from 'vitest'
import { NO_EVIDENCE } from '../../../src/offers/evidence/evidence.ts'
import { deriveOwnId } from '../../../src/offers/id/own-id.ts'
import { NOTHING_MORE, type OfferDetails } from '../../../src/offers/offer.ts'
import { detailsSchema, detailsText, shapeDetails } from '../../../src/shape/details/details.ts'
import { UNKNOWN } from '../../support/catalogue-offers.ts'

const BARE: OfferDetails = {
  ...UNKNOWN,
  offerId: '610000000001',
  title: '示例陶瓷马克杯',
  images: [],
  priceTiers: [],
  skus: [],
  ...NOTHING_MORE,
}

function shaped(change: Partial<OfferDetails>, upstream = 'open1688') {
  return shapeDetails({
    details: { ...BARE, ...change },
    source: { upstream, retrievedAt: 0, ageS: 0, stale: false },
    credits: { spent: 0, remaining: null },
    remarks: [],
  })
}

describe('an offer in full', () => {
  it('shows everything that a live source knows, in JSON and in text', () => {
    const value = shaped({
      price: { text: '8.15-10.15', min: 8.15, max: 10.15 },
      moq: 2,
      unit: '件',
      lotSize: 20,
      mixedBatch: { offered: true, minUnits: 2, minCny: 100 },
      status: 'sold_out',
      packaging: { weightKg: 0.35, sizeCm: [33, 22, 1], basis: 'seller' },
      freightFromCny: 3.8,
      attributes: [{ name: '材质', value: '棉' }],
      certificates: ['CE'],
      evidence: {
        ...NO_EVIDENCE,
        sold: { text: '5万+', atLeast: 50_000, days: 90 },
        repurchaseRate: 0.4666,
        yearsOn1688: 11,
        sellerKind: 'factory',
        qualityReturnRate: 0.0123,
        serviceScores: {
          composite: 4.5,
          goods: null,
          logistics: null,
          dispute: null,
          afterSales: 5,
          consultation: null,
        },
        badges: ['super_factory', 'trustpass'],
      },
      priceTiers: [{ minQuantity: 2, price: { text: '10.15', min: 10.15, max: 10.15 } }],
      skus: [{ skuId: '5', name: '红色 / 大', price: { text: '10.15', min: 10.15, max: 10.15 }, stock: 0 }],
    })
    expect(detailsSchema.parse(value)).toEqual(value)
    expect(value).toMatchObject({
      lot_size: 20,
      mixed_batch: 'from 2 units or 100 CNY in total',
      weight_kg: 0.35,
      size_cm: [33, 22, 1],
      weight_basis: 'seller',
      freight_from_cny: 3.8,
      status: 'sold_out',
      attributes: [{ name: '材质', value: '棉' }],
      certificates: ['CE'],
      evidence: {
        sold: '5万+ in 90 days',
        repurchase_rate: 0.4666,
        years_on_1688: 11,
        seller_kind: 'factory',
        seller_badges: ['super_factory', 'trustpass'],
        service_scores: { composite: 4.5, after_sales: 5 },
        quality_return_rate_30d: 0.0123,
      },
    })
    const text = detailsText(value)
    expect(text).toContain('SOLD OUT: it cannot be ordered now.')
    expect(text).toContain(
      'sold in lots of 20; mixed batch: from 2 units or 100 CNY in total; 0.35 kg each (stated by the seller); 33 x 22 x 1 cm; domestic freight from 3.8 CNY',
    )
    expect(text).toContain(
      'evidence: sold 5万+ in 90 days, repurchase 46.66%, factory, 11 years on 1688, super_factory, trustpass, returned for quality 1.23% in 30 days, scores out of 5: composite 4.5, after_sales 5',
    )
    expect(text).toContain('attributes: 材质: 棉\ncertificates: CE')
    expect(detailsText(value)).toContain('红色 / 大 (5) | 10.15 | 0')
  })

  it('leaves out unknown values instead of writing zero', () => {
    const value = shaped({})
    expect(Object.keys(value).sort()).toEqual(
      ['credits', 'detail_url', 'images', 'next', 'offer_id', 'price_tiers', 'skus', 'source', 'title'].sort(),
    )
    expect(detailsText(value)).toContain('price: - per unit; MOQ: -\nshop: -; place: -')
  })

  it('suggests a search with its pictures only if it has any', () => {
    expect(shaped({ moq: 5 }).next).toBe('Open detail_url to ask the seller or to order.')
    const images = ['https://cbu01.alicdn.com/img/ibank/a.jpg']
    expect(shaped({ moq: 5, images }).next).toContain('search_by_image with one of the images')
  })

  it('never refers to a listing that does not exist', () => {
    const own = shaped({ offerId: deriveOwnId('A-1'), moq: null }, 'import')
    expect(own).not.toHaveProperty('detail_url')
    expect(own.next).toContain('no listing on 1688')
  })

  it.each([
    [{ offered: false, minUnits: null, minCny: null }, 'no'],
    [{ offered: true, minUnits: null, minCny: null }, 'yes'],
    [{ offered: true, minUnits: null, minCny: 100 }, 'from 100 CNY in total'],
  ])('writes the mixed batch %j', (mixedBatch, text) => {
    expect(shaped({ mixedBatch }).mixed_batch).toBe(text)
  })
})
