import { describe, expect, it } from 'vitest'
import { NO_EVIDENCE } from '../../../src/offers/evidence/evidence.ts'
import { systemClock } from '../../../src/time/clock.ts'
import { parseOfferPage } from '../../../src/upstreams/tmapi/mapping.ts'
import { createTmapi, tmapi } from '../../../src/upstreams/tmapi/upstream.ts'
import { describeSearchUpstream } from '../../contract/upstream-suite.ts'
import { picturePath } from '../../support/listings.ts'
import { errorOf, JPEG, LISTINGS, openTmapi, pictureOf, SIGNAL } from '../../support/live-upstreams.ts'
import { retried } from '../../support/retried.ts'
import { startTmapiServer } from '../../support/tmapi-server.ts'
import { translatedPage } from '../../support/tmapi-shapes.ts'

const FOREIGN_URL = 'https://shop.example/cup.jpg?size=1 2&a=ü'
const ON_ALIBABA = `https://cbu01.alicdn.com${picturePath(0)}`
const PAGE = { page: 1, pageSize: 20 }

for (const drift of [false, true]) {
  describeSearchUpstream(drift ? 'tmapi, types exchanged' : 'tmapi', async () => {
    const server = await startTmapiServer({ listings: LISTINGS, drift })
    const upstream = createTmapi({ token: server.token, baseUrl: server.url, clock: systemClock })
    const close = async () => {
      await upstream.close()
      await server.close()
    }
    const picture = pictureOf(JPEG.bytes, FOREIGN_URL)
    return { upstream, unknownOfferId: '7999999999', picture, keyword: '马克杯', close }
  })
}

describe('tmapi: pictures', () => {
  it('has a picture on another host converted, once for all pages', async () => {
    const { server, pictures } = await openTmapi()
    const picture = pictureOf(JPEG.bytes, FOREIGN_URL)
    expect(pictures.handleOf(picture)).toBeNull()
    const { value: handle } = await pictures.register(picture, SIGNAL)
    await pictures.fetchMatches(handle, PAGE, SIGNAL)
    await pictures.fetchMatches(handle, { page: 2, pageSize: 20, maxPrice: 11.5 }, SIGNAL)
    expect(server.calls.map(({ endpoint }) => endpoint)).toEqual([
      'tools/image/convert_url',
      'search/image',
      'search/image',
    ])
    expect(server.calls[0]?.posted).toEqual({ url: FOREIGN_URL, search_api_endpoint: '/search/image' })
    expect(server.calls[2]?.query).toEqual({
      apiToken: server.token,
      img_url: '/search/imgextra/1.jpg',
      sort: 'default',
      page: '2',
      page_size: '20',
      price_end: '11.5',
    })
  })

  it.each(['/search/imgextra/1692942898123_q7ftzxs9.jpg', 'https://cbu01.alicdn.com/x.jpg?a=1&b=2'])(
    'passes the handle %s on as it is, for a day',
    async image_url => {
      const { server, pictures } = await openTmapi()
      const body = { code: 200, msg: 'success', data: { image_url } }
      server.answerNext({ status: 200, body }, { status: 200, body: { code: 200, data: { items: [] } } })
      const { value: handle } = await pictures.register(pictureOf(JPEG.bytes, FOREIGN_URL), SIGNAL)
      await pictures.fetchMatches(handle, PAGE, SIGNAL)
      expect(server.calls[1]?.query.img_url).toBe(image_url)
      expect(pictures.handleTtlMs).toBe(86_400_000)
    },
  )

  it('tries a conversion that failed once more', async () => {
    const { server, pictures } = await openTmapi()
    server.answerNext({ status: 200, body: { code: 417, msg: 'failed', data: null } })
    const register = () => pictures.register(pictureOf(JPEG.bytes, FOREIGN_URL), SIGNAL)
    expect((await retried(tmapi.retries, register)).value).toBe('/search/imgextra/1.jpg')
    expect(server.calls).toHaveLength(2)
  })

  it.each([ON_ALIBABA, 'http://img.alicdn.com/x.jpg'])('uses %s without converting it', async url => {
    const { pictures } = await openTmapi()
    expect(pictures.handleOf(pictureOf(JPEG.bytes, url))).toBe(url)
  })

  it.each([
    'https://alicdn.com.evil.example/x.jpg',
    'https://evilalicdn.com/x.jpg',
    'https://shop.example/cbu01.alicdn.com/x.jpg',
  ])('has %s converted', async url => {
    const { pictures } = await openTmapi()
    expect(pictures.handleOf(pictureOf(JPEG.bytes, url))).toBeNull()
  })

  it('reports that the picture needs a public URL, without a call', async () => {
    const { server, pictures } = await openTmapi()
    expect(pictures.handleOf(JPEG)).toBeNull()
    const error = await errorOf(pictures.register(JPEG, SIGNAL))
    expect(error).toMatchObject({ code: 'picture_refused', report: { kind: 'not_sent' } })
    expect(server.calls).toEqual([])
  })

  it('returns an empty page if nothing matches', async () => {
    const { pictures } = await openTmapi()
    const { value } = await pictures.fetchMatches(ON_ALIBABA, { ...PAGE, maxPrice: 0.01 }, SIGNAL)
    expect(value).toEqual({ offers: [], totalFound: 0, hasMore: false })
  })
})

describe('tmapi: offers', () => {
  it('reads a row', async () => {
    const { pictures } = await openTmapi()
    const { value } = await pictures.fetchMatches(ON_ALIBABA, PAGE, SIGNAL)
    expect(value).toMatchObject({ totalFound: 45, hasMore: true })
    expect(value.offers[0]).toEqual({
      offerId: '610000000001',
      title: '示例陶瓷马克杯大容量带盖勺办公室情侣早餐牛奶咖啡杯定制 第1款',
      price: { text: '10.10', min: 10.1, max: 10.1 },
      moq: 1,
      unit: null,
      shopName: '杭州市示例第1电子商务有限公司',
      province: '浙江省',
      city: '杭州市',
      imageUrl: ON_ALIBABA,
      priceTiers: [
        { minQuantity: 1, price: { text: '10.10', min: 10.1, max: 10.1 } },
        { minQuantity: 100, price: { text: '8.10', min: 8.1, max: 8.1 } },
      ],
      evidence: {
        sold: { text: '200+', atLeast: 200, days: null },
        repurchaseRate: 0.09,
        yearsOn1688: 9,
        sellerKind: 'factory',
        badges: ['super_factory'],
        serviceScores: {
          composite: 4,
          goods: null,
          logistics: 3.8,
          dispute: 4.5,
          afterSales: 5,
          consultation: 3.5,
        },
        qualityReturnRate: null,
        dispatchWithin24hRate: null,
        isAd: false,
        shopId: 'b2b-2200000001',
      },
    })
  })

  it('prefers the Chinese title to its translation', () => {
    const [offer] = parseOfferPage({ code: 200, data: translatedPage(LISTINGS, 1, 1) }).offers
    expect(offer?.title).toMatch(/^示例陶瓷马克杯/)
    expect(offer?.titleTranslated).toMatch(/^Sample ceramic mug/)
  })

  it('reads an offer in full, keeping its price ladder apart from the prices of its variants', async () => {
    const { upstream } = await openTmapi()
    const packaging = { weightKg: 0.12, sizeCm: [20, 15, 8], basis: null }
    expect((await upstream.fetchDetails('610000000002', SIGNAL)).value).toEqual({
      offerId: '610000000002',
      title: '示例不锈钢保温杯便携车载大容量男女学生户外运动水杯礼品 第2款',
      price: { text: '8.15-10.15', min: 8.15, max: 10.15 },
      moq: 2,
      unit: '件',
      shopName: '东莞市示例第2电子商务有限公司',
      province: '广东省',
      city: '东莞市',
      imageUrl: `https://cbu01.alicdn.com${picturePath(1)}`,
      images: [`https://cbu01.alicdn.com${picturePath(1)}`],
      priceTiers: [
        { minQuantity: 2, price: { text: '10.15', min: 10.15, max: 10.15 } },
        { minQuantity: 100, price: { text: '8.15', min: 8.15, max: 8.15 } },
      ],
      skus: [
        {
          skuId: '5000000000001',
          name: '颜色:红色',
          price: { text: '10.15', min: 10.15, max: 10.15 },
          stock: 5,
          packaging,
        },
        {
          skuId: '5000000000002',
          name: '颜色:蓝色',
          price: { text: '9.65', min: 9.65, max: 9.65 },
          stock: 0,
          packaging,
        },
      ],
      lotSize: null,
      mixedBatch: { offered: true, minUnits: 5, minCny: 80 },
      status: 'on_sale',
      packaging,
      attributes: [
        { name: '品牌', value: '示例' },
        { name: '材质', value: '示例材质' },
        { name: '风格', value: '简约' },
        { name: '产地', value: '东莞市' },
      ],
      certificates: [],
      freightFromCny: 4,
      evidence: {
        ...NO_EVIDENCE,
        sold: { text: '100+', atLeast: 100, days: 90 },
        shopId: 'b2b-2200000001',
      },
    })
  })

  it('leaves prices unknown if the answer is in another currency', async () => {
    const { server, upstream } = await openTmapi()
    const data = {
      title: '杯子',
      currency: 'USD',
      price_info: { price: '1.50' },
      skus: [{ skuid: 5, sale_price: '1.50', props_names: '红' }],
    }
    server.answerNext({ status: 200, body: { code: 200, msg: 'success', data } })
    const { value } = await upstream.fetchDetails('610000000002', SIGNAL)
    expect(value).toMatchObject({ price: null, priceTiers: [], skus: [{ name: '红', price: null }] })
  })
})

describe('tmapi: single calls', () => {
  it('checks the token with one call for one row', async () => {
    const { server, upstream } = await openTmapi()
    expect((await upstream.checkAccess(SIGNAL)).value).toEqual([])
    expect(server.calls.map(({ query }) => query.page_size)).toEqual(['1'])
    const { upstream: refused } = await openTmapi({}, { token: 'another' })
    expect(await errorOf(refused.checkAccess(SIGNAL))).toMatchObject({ code: 'key_rejected' })
  })

  it('retries after too many calls at the same time, and succeeds', async () => {
    const { server, upstream } = await openTmapi({ atOnce: 1 })
    const release = server.hold()
    const first = upstream.fetchDetails('610000000001', SIGNAL)
    await server.seen(1)
    const error = await errorOf(upstream.fetchDetails('610000000002', SIGNAL))
    expect(error).toMatchObject({ code: 'rate_limited', report: { status: 503 } })
    release()
    await first
    const { value } = await retried(tmapi.retries, () => upstream.fetchDetails('610000000002', SIGNAL))
    expect(value.offerId).toBe('610000000002')
  })

  it('stops when the caller aborts', async () => {
    const { server, upstream } = await openTmapi()
    const leaving = new AbortController()
    const release = server.hold()
    const pending = errorOf(upstream.fetchDetails('610000000001', leaving.signal))
    await server.seen(1)
    leaving.abort()
    expect(await pending).toMatchObject({ code: 'cancelled', report: { kind: 'unknown' } })
    release()
  })
})
