import { describe, expect, it } from 'vitest'
import { NO_EVIDENCE } from '../../../src/offers/evidence/evidence.ts'
import type { SearchFilters } from '../../../src/offers/filters.ts'
import { picturePath } from '../../support/listings.ts'
import { JPEG, openOpen1688, pictureOf, SIGNAL } from '../../support/live-upstreams.ts'

const SCORES = { composite: 4.5, goods: 4.1, logistics: 4.2, dispute: 4.8, afterSales: 4.6, consultation: 3.9 }

const EVIDENCE_OF_ROW = {
  sold: { text: '1234', atLeast: 1234, days: 30 },
  repurchaseRate: 0.13,
  yearsOn1688: 6,
  sellerKind: 'factory',
  badges: ['super_factory', 'trustpass'],
  serviceScores: SCORES,
  qualityReturnRate: 0.0123,
  dispatchWithin24hRate: 1,
  isAd: null,
  shopId: null,
}

describe('open1688: offers', () => {
  it('reads a row of the image query', async () => {
    const { pictures } = await openOpen1688()
    const { value: handle } = await pictures.register(JPEG, SIGNAL)
    const { value } = await pictures.fetchMatches(handle, { page: 1, pageSize: 20 }, SIGNAL)
    expect(value.offers[0]).toEqual({
      offerId: '610000000001',
      title: '示例陶瓷马克杯大容量带盖勺办公室情侣早餐牛奶咖啡杯定制 第1款',
      titleTranslated:
        'Sample ceramic mug large capacity with lid and spoon office couple breakfast milk coffee cup custom logo no. 1',
      price: { text: '10.10', min: 10.1, max: 10.1 },
      moq: 1,
      unit: null,
      shopName: '杭州市示例第1电子商务有限公司',
      province: '浙江省',
      city: '杭州市',
      imageUrl: `https://cbu01.alicdn.com${picturePath(0)}`,
      evidence: EVIDENCE_OF_ROW,
    })
  })

  it('reads a row of the keyword query, which names neither shop nor place', async () => {
    const { upstream } = await openOpen1688()
    const found = await upstream.keywords?.fetchByKeyword('马克杯', { page: 1, pageSize: 20 }, SIGNAL)
    expect(found?.value.offers[0]).toMatchObject({
      offerId: '610000000001',
      moq: 1,
      shopName: null,
      province: null,
      city: null,
      evidence: EVIDENCE_OF_ROW,
    })
  })

  it('reads a row of linkplus, with its price from fen', async () => {
    const { pictures } = await openOpen1688({ grants: ['alibaba.cross.similar.offer.search'] })
    const picture = pictureOf(JPEG.bytes, 'https://shop.example/cup.jpg')
    const { value: handle } = await pictures.register(picture, SIGNAL)
    const { value } = await pictures.fetchMatches(handle, { page: 1, pageSize: 20 }, SIGNAL)
    expect(value).toMatchObject({ totalFound: 45, hasMore: true })
    expect(value.offers[0]).toEqual({
      offerId: '610000000001',
      title: '示例陶瓷马克杯大容量带盖勺办公室情侣早餐牛奶咖啡杯定制 第1款',
      price: { text: '10.10', min: 10.1, max: 10.1 },
      moq: 1,
      unit: '件',
      shopName: null,
      province: '浙江省',
      city: '杭州市',
      imageUrl: `https://cbu01.alicdn.com${picturePath(0)}`,
    })
  })

  it('reads an offer in full', async () => {
    const PRICE = { text: '10.15', min: 10.15, max: 10.15 }
    const packed = (weightKg: number) => ({ weightKg, sizeCm: [15, 12, 10], basis: 'seller' })
    const { upstream } = await openOpen1688()
    const { value } = await upstream.fetchDetails('610000000002', SIGNAL)
    expect(value).toEqual({
      offerId: '610000000002',
      title: '示例不锈钢保温杯便携车载大容量男女学生户外运动水杯礼品 第2款',
      titleTranslated:
        'Sample stainless steel vacuum flask portable car large capacity student outdoor sports water bottle gift no. 2',
      price: { text: '8.15-10.15', min: 8.15, max: 10.15 },
      moq: 2,
      unit: '件',
      shopName: '东莞市示例第2电子商务有限公司',
      province: '广东省',
      city: '东莞市',
      imageUrl: `https://cbu01.alicdn.com${picturePath(1)}`,
      images: [
        `https://cbu01.alicdn.com${picturePath(1)}`,
        `https://cbu01.alicdn.com${picturePath(1).replace('.jpg', '-b.jpg')}`,
      ],
      priceTiers: [
        { minQuantity: 2, price: { text: '10.15', min: 10.15, max: 10.15 } },
        { minQuantity: 100, price: { text: '9.15', min: 9.15, max: 9.15 } },
        { minQuantity: 500, price: { text: '8.15', min: 8.15, max: 8.15 } },
      ],
      skus: [
        { skuId: '5000000000001', name: '红色 / 大', price: PRICE, stock: 100, packaging: packed(0.35) },
        { skuId: '5000000000002', name: '蓝色 / 大', price: PRICE, stock: 101, packaging: packed(0.4) },
      ],
      lotSize: 20,
      mixedBatch: { offered: true, minUnits: 2, minCny: 100 },
      status: 'on_sale',
      packaging: packed(0.4),
      attributes: [
        { name: 'Brand', value: 'Sample' },
        { name: 'Material', value: 'Sample material' },
        { name: 'Item number', value: 'SL-2024' },
        { name: 'Style', value: 'Simple' },
      ],
      certificates: ['外观专利证书或授权书证书'],
      freightFromCny: null,
      evidence: {
        ...NO_EVIDENCE,
        sold: { text: '5万+', atLeast: 50_000, days: null },
        repurchaseRate: 0.7112,
        sellerKind: 'factory',
        badges: ['super_factory', 'verified_merchant', 'trustpass'],
        serviceScores: SCORES,
        shopId: 'BBB23tsdvcdsjngp3oj4j3i5',
      },
    })
  })
})

describe('open1688: filters', () => {
  const FIELDS = { beginPage: 2, pageSize: 7, country: 'en' }

  it.each<[SearchFilters, Record<string, string>]>([
    [{}, {}],
    [{ sort: 'best_match', seller: 'any', maxMoq: 10 }, {}],
    [
      { minPrice: 2, maxPrice: 12.5 },
      { priceStart: '2', priceEnd: '12.5' },
    ],
    [{ sort: 'price_asc' }, { sort: '{"price":"asc"}' }],
    [{ sort: 'price_desc' }, { sort: '{"price":"desc"}' }],
    [{ sort: 'sales' }, { sort: '{"monthSold":"desc"}' }],
    [{ sort: 'repurchase' }, { sort: '{"rePurchaseRate":"desc"}' }],
    [{ seller: 'factory' }, { filter: 'certifiedFactory' }],
    [{ seller: 'verified' }, {}],
  ])('%j is sent with words and with pictures', async (filters, sent) => {
    const { upstream, pictures, gateway } = await openOpen1688()
    await upstream.keywords?.fetchByKeyword('杯', { page: 2, pageSize: 7, ...filters }, SIGNAL)
    const { value: handle } = await pictures.register(JPEG, SIGNAL)
    await pictures.fetchMatches(handle, { page: 2, pageSize: 7, ...filters }, SIGNAL)
    const [words, , picture] = gateway.calls.map(({ fields }) => JSON.parse(fields.offerQueryParam ?? 'null'))
    expect(words).toEqual({ keyword: '杯', ...FIELDS, ...sent })
    expect(picture).toEqual({ imageId: expect.any(String), ...FIELDS, ...sent })
  })

  it('shows why 1688 rejects a filter', async () => {
    const { upstream, gateway } = await openOpen1688()
    const verdict = { success: false, code: 'FILTER_INVALID', message: 'filter is invalid' }
    gateway.answerNext('product.search.keywordQuery', { status: 200, body: { result: verdict } })
    const search = upstream.keywords?.fetchByKeyword('杯', { page: 1, pageSize: 7, seller: 'factory' }, SIGNAL)
    await expect(search).rejects.toMatchObject({
      code: 'upstream_rejected',
      message: '1688 rejected the call (FILTER_INVALID).',
    })
  })
})
