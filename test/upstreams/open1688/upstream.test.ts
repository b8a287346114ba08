import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { NO_EVIDENCE } from '../../../src/offers/evidence/evidence.ts'
import { systemClock } from '../../../src/time/clock.ts'
import { signCall } from '../../../src/upstreams/open1688/signature.ts'
import { createOpen1688, open1688 } from '../../../src/upstreams/open1688/upstream.ts'
import { describeSearchUpstream } from '../../contract/upstream-suite.ts'
import { picturePath } from '../../support/listings.ts'
import { errorOf, JPEG, LISTINGS, openOpen1688, pictureOf, SIGNAL } from '../../support/live-upstreams.ts'
import { startOpen1688Gateway } from '../../support/open1688-gateway.ts'
import { retried } from '../../support/retried.ts'

for (const drift of [false, true]) {
  describeSearchUpstream(drift ? 'open1688, types exchanged' : 'open1688', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'mcp-1688-open-'))
    const gateway = await startOpen1688Gateway({ listings: LISTINGS, drift })
    const { appKey, appSecret, url: baseUrl } = gateway
    const tokenFile = path.join(folder, 'tokens.db')
    const upstream = createOpen1688({
      ...{ appKey, appSecret, baseUrl, tokenFile, clock: systemClock },
      ...gateway.authorise(),
    })
    const close = async () => {
      await upstream.close()
      await gateway.close()
      await rm(folder, { recursive: true })
    }
    return { upstream, unknownOfferId: '7999999999', picture: JPEG, keyword: '马克杯', close }
  })
}

describe('the signature', () => {
  // From public documentation and a public client.
  it.each([
    ['test123', 'param2/1/system/currentTime/1000000', { b: '2', a: '1' }, '33E54F4F7B989E3E0E912D3FBD2F1A03CA7CCE88'],
    [
      'UNIT-TEST-SECRET',
      'param2/1/system/currentTime/TEST_APPKEY_0001',
      { productId: '694567890123', access_token: 'UNIT-TEST-TOKEN-abc123', _aop_timestamp: '1700000000000' },
      '75CD0EB77C5DCB393BD2C2E4DB4CE09849780EC9',
    ],
  ])('with the secret %s', (secret, callPath, fields, expected) => {
    expect(signCall(secret, callPath, fields)).toBe(expected)
  })

  it('is accepted for fields that need URL encoding', async () => {
    const { upstream } = await openOpen1688()
    const found = await upstream.keywords?.fetchByKeyword('杯 & "100%"+=?', { page: 1, pageSize: 5 }, SIGNAL)
    expect(found?.value.offers).toEqual([])
  })
})

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

  it('passes on the page and the highest price', async () => {
    const { upstream, gateway } = await openOpen1688()
    await upstream.keywords?.fetchByKeyword('杯', { page: 2, pageSize: 7, maxPrice: 12.5 }, SIGNAL)
    expect(JSON.parse(gateway.calls[0]?.fields.offerQueryParam ?? '')).toEqual({
      keyword: '杯',
      beginPage: 2,
      pageSize: 7,
      country: 'en',
      priceEnd: '12.5',
    })
  })
})

describe('open1688: pictures', () => {
  it('uploads once and queries each page by the id', async () => {
    const { gateway, pictures } = await openOpen1688()
    expect(pictures.handleOf(JPEG)).toBeNull()
    const { value: handle } = await pictures.register(JPEG, SIGNAL)
    await pictures.fetchMatches(handle, { page: 1, pageSize: 20 }, SIGNAL)
    await pictures.fetchMatches(handle, { page: 2, pageSize: 20 }, SIGNAL)
    expect([...gateway.uploads.values()]).toEqual([Buffer.from(JPEG.bytes)])
    const query = 'product.search.imageQuery'
    expect(gateway.calls.map(({ api }) => api)).toEqual(['product.image.upload', query, query])
  })

  it('reports a damaged picture without a call', async () => {
    const { gateway, pictures } = await openOpen1688()
    const damaged = pictureOf(Buffer.from('RIFF????WEBP nothing'), null)
    await expect(pictures.register(damaged, SIGNAL)).rejects.toMatchObject({ code: 'picture_unreadable' })
    expect(gateway.calls).toEqual([])
  })

  it.each(['0', '', 0, null, undefined])('treats the id %j as a failure', async id => {
    const { gateway, pictures } = await openOpen1688()
    gateway.answerNext('product.image.upload', { status: 200, body: { result: { success: 'true', result: id } } })
    const error = await errorOf(pictures.register(JPEG, SIGNAL))
    expect(error).toMatchObject({ code: 'picture_unreadable', report: { kind: 'answered', status: 200 } })
  })

  it('accepts the id at the top level', async () => {
    const { gateway, pictures } = await openOpen1688()
    gateway.answerNext('product.image.upload', { status: 200, body: { result: '123456' } })
    const { value: handle } = await pictures.register(JPEG, SIGNAL)
    const error = await errorOf(pictures.fetchMatches(handle, { page: 1, pageSize: 5 }, SIGNAL))
    expect(error.code).toBe('upstream_rejected')
    expect(JSON.parse(gateway.calls[1]?.fields.offerQueryParam ?? '')).toMatchObject({ imageId: '123456' })
  })
})

describe('open1688: what is not granted', () => {
  const withUrl = pictureOf(JPEG.bytes, 'https://shop.example/cup.jpg?x=1 2')
  const PAGE = { page: 1, pageSize: 20 }

  it('searches by URL if uploads are not granted, and remembers that', async () => {
    const { gateway, pictures } = await openOpen1688({ grants: ['alibaba.cross.similar.offer.search'] })
    expect(pictures.handleOf(withUrl)).toBeNull()
    const { value: handle, report } = await pictures.register(withUrl, SIGNAL)
    expect(report).toMatchObject({ kind: 'answered', status: 403 })
    expect(pictures.handleOf(withUrl)).toBe(handle)
    expect((await pictures.fetchMatches(handle, PAGE, SIGNAL)).value.offers).toHaveLength(20)
    expect(gateway.calls.at(-1)?.fields.picUrl).toBe(withUrl.url)
  })

  it('switches to the URL if only the query is not granted', async () => {
    const grants = ['product.image.upload', 'alibaba.cross.similar.offer.search']
    const { gateway, pictures } = await openOpen1688({ grants })
    const { value: handle } = await pictures.register(withUrl, SIGNAL)
    const { value } = await retried(open1688.retries, () => pictures.fetchMatches(handle, PAGE, SIGNAL))
    expect(value.offers).toHaveLength(20)
    expect(gateway.calls).toHaveLength(3)
  })

  it('reports the missing grant if the picture has no URL', async () => {
    const { pictures } = await openOpen1688({ grants: ['alibaba.cross.similar.offer.search'] })
    const error = await errorOf(retried(open1688.retries, () => pictures.register(JPEG, SIGNAL)))
    expect(error.code).toBe('not_granted')
    expect(error.hint).toContain('public URL')
  })

  it('tries again after a while, and uses what was granted meanwhile', async () => {
    let atMs = 0
    const clock = { ...systemClock, monotonic: () => atMs }
    const { gateway, pictures } = await openOpen1688({ grants: ['alibaba.cross.similar.offer.search'] }, { clock })
    await pictures.register(withUrl, SIGNAL)
    gateway.grants.add('product.image.upload')
    expect(pictures.handleOf(withUrl)).not.toBeNull()
    atMs += 15 * 60_000
    expect(pictures.handleOf(withUrl)).toBeNull()
    await pictures.register(withUrl, SIGNAL)
    expect(gateway.uploads.size).toBe(1)
  })

  it('reports that nothing is granted, without going round in circles', async () => {
    const { gateway, pictures } = await openOpen1688({ grants: [] })
    const { value: handle } = await pictures.register(withUrl, SIGNAL)
    const error = await errorOf(retried(open1688.retries, () => pictures.fetchMatches(handle, PAGE, SIGNAL)))
    expect(error.code).toBe('not_granted')
    await errorOf(retried(open1688.retries, () => pictures.register(withUrl, SIGNAL)))
    expect(gateway.calls).toHaveLength(3)
  })
})

describe('open1688: what the application may do', () => {
  it('lists the APIs that are granted', async () => {
    const { upstream, gateway } = await openOpen1688({
      grants: ['product.search.keywordQuery', 'product.search.queryProductDetail'],
    })
    expect((await upstream.checkAccess(SIGNAL)).value).toEqual([
      { api: 'product.image.upload', granted: false, isUsedUp: false },
      { api: 'product.search.imageQuery', granted: false, isUsedUp: false },
      { api: 'alibaba.cross.similar.offer.search', granted: false, isUsedUp: false },
      { api: 'product.search.keywordQuery', granted: true, isUsedUp: false },
      { api: 'product.search.queryProductDetail', granted: true, isUsedUp: false },
    ])
    expect(gateway.calls[0]?.api).toBe('currentTime')
  })

  it('says which package of calls is used up', async () => {
    const { upstream, gateway } = await openOpen1688()
    gateway.answerNext('product.image.upload', { status: 400, body: { error_code: 'gw.NoUsageLeftError' } })
    const { value } = await upstream.checkAccess(SIGNAL)
    expect(value.filter(({ isUsedUp }) => isUsedUp)).toEqual([
      { api: 'product.image.upload', granted: true, isUsedUp: true },
    ])
  })

  it('renews an expired token on the way', async () => {
    const { upstream, gateway } = await openOpen1688()
    gateway.accessTokens.clear()
    const { value } = await upstream.checkAccess(SIGNAL)
    expect(value.map(({ granted }) => granted)).toEqual([true, true, true, true, true])
  })

  it('stops at a wrong secret', async () => {
    const { upstream, gateway } = await openOpen1688({}, { appSecret: 'another' })
    expect(await errorOf(upstream.checkAccess(SIGNAL))).toMatchObject({ code: 'key_rejected' })
    expect(gateway.calls).toHaveLength(1)
  })
})
