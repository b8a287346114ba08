/** Bodies as vendors' pages and working clients show them, shortened and anonymised. */
import { describe, expect, it } from 'vitest'
import { parseDetails, parseHandle, parseOfferPage } from '../../../src/upstreams/tmapi/mapping.ts'

const ok = (data: unknown) => ({ code: 200, msg: 'success', data })
const firstOf = (row: unknown) => parseOfferPage(ok({ items: [row] })).offers[0]

describe('a converted picture', () => {
  // https://tmapi.top/docs/ali/tool-apis/image-url-convert.md
  it('is a path, handed on unchanged', () => {
    const image_url = '/search/imgextra/1692942898123_q7ftzxs9.jpg'
    expect(parseHandle(ok({ image_url }))).toBe(image_url)
  })

  it.each([7, {}, 'failed', '/with space.jpg', `/${'x'.repeat(2_001)}`])('is not %j', image_url => {
    expect(() => parseHandle(ok({ image_url }))).toThrow('data.image_url is not a path or a URL')
  })
})

describe('a row of a search', () => {
  // https://tmapi.top/docs/ali/search/search-items-by-image-url.md
  it('keeps repurchase, badges, sales, ladder and advertisement', () => {
    const row = {
      item_id: 915310259717,
      title: '夏季短袖T恤',
      img: 'https://cbu01.alicdn.com/a.jpg',
      price: '8.9',
      price_info: { sale_price: '8.9', origin_price: null },
      moq: 1,
      quantity_prices: [
        { begin_num: 1, end_num: 999, price: '8.90' },
        { begin_num: 1000, end_num: 9999, price: '8.40' },
        { begin_num: 10_000, end_num: null, price: '7.90' },
      ],
      sale_info: { sale_quantity: '已售200+件', sale_quantity_int: 200, orders_count: 133 },
      delivery_info: { area_from: ['广东', '揭阳市'] },
      item_repurchase_rate: '9%',
      rating_star: '2.33',
      shop_info: {
        company_name: '某服装实业有限公司',
        is_factory: true,
        is_super_factory: true,
        shop_years: 1,
        factory_inspection: true,
      },
      is_ad: false,
    }
    expect(firstOf(row)).toMatchObject({
      moq: 1,
      priceTiers: [{ minQuantity: 1 }, { minQuantity: 1000 }, { minQuantity: 10_000, price: { text: '7.90' } }],
      evidence: {
        sold: { text: '200+', atLeast: 200, days: null },
        repurchaseRate: 0.09,
        yearsOn1688: 1,
        sellerKind: 'factory',
        badges: ['super_factory', 'verified_merchant'],
        isAd: false,
      },
    })
  })

  // https://tmapi.top/docs/ali/multi-language-apis/search-items-by-image-url.md
  it('names a district in English, and the city is found', () => {
    const row = {
      item_id: 865835426638,
      title: 'Phone case',
      title_origin: '手机壳',
      price: '19.00',
      quantity_begin: 1,
      delivery_info: { area_from: ['Guangdong', 'Futian District, Shenzhen'] },
      shop_info: { company_name: 'xxxxxx', tp_member: true, tp_year: 11 },
    }
    expect(firstOf(row)).toMatchObject({
      title: '手机壳',
      titleTranslated: 'Phone case',
      moq: 1,
      province: '广东省',
      city: '深圳市',
      evidence: { badges: ['trustpass'], yearsOn1688: 11 },
    })
  })

  it('without evidence has none', () => {
    expect(firstOf({ item_id: 1_234_567, title: '杯', sale_info: {}, shop_info: null })).not.toHaveProperty('evidence')
  })
})

describe('details', () => {
  // A body of June 2024 in a client's source; is_sold_out was false there, package_info is from a second one.
  const BODY = {
    item_id: 742720370270,
    title: '无痕内衣',
    currency: 'CNY',
    offer_unit: '件',
    main_imgs: [],
    sale_count: '702',
    sale_info: { sale_quantity_90days: '702' },
    price_info: { price: '16.50', price_min: '16.50', price_max: '16.50' },
    tiered_price_info: { prices: [{ price: '16.50', beginAmount: '2' }], begin_num: '2' },
    mixed_batch: { mix_num: '5', mix_begin: '0', mix_amount: '80', shop_mix_num: '2147483647' },
    sku_price_range: { stock: '17311', mix_param: { mixNum: '5', mixAmount: '80', supportMix: 'true' } },
    shop_info: { shop_name: '普宁市某某贸易有限公司' },
    delivery_info: { location: '广东省揭阳市', delivery_fee: 3.8, unit_weight: 0.5 },
    skus: [
      {
        skuid: '5124431369153',
        sale_price: '16.50',
        stock: '872',
        props_names: '肤色;M',
        package_info: { weight: 0.12 },
      },
    ],
    is_sold_out: true,
    stock: 17_311,
  }
  const read = (changes: object) => parseDetails(ok({ ...BODY, ...changes }), '742720370270')

  it('keep weight, mixed batch and freight, and say that the offer is sold out', () => {
    expect(read({})).toMatchObject({
      moq: 2,
      status: 'sold_out',
      packaging: { weightKg: 0.5, sizeCm: null, basis: null },
      mixedBatch: { offered: true, minUnits: 5, minCny: 80 },
      freightFromCny: 3.8,
      skus: [{ stock: 872, packaging: { weightKg: 0.12 } }],
      evidence: { sold: { text: '702', atLeast: 702, days: 90 } },
    })
  })

  it('say sold out if no variant is in stock, and nothing if nothing is known', () => {
    const skus = [{ skuid: '1', stock: 0, props_names: 'A' }]
    expect(read({ is_sold_out: false, skus }).status).toBe('sold_out')
    expect(read({ is_sold_out: 0 }).status).toBe('on_sale')
    expect(read({ is_sold_out: null }).status).toBeNull()
  })

  it('leave a weight of 0, a fee of 0 and minimums without limit unknown', () => {
    const changes = {
      delivery_info: { delivery_fee: 0, unit_weight: 0 },
      skus: [{ skuid: '1', props_names: 'A', package_info: { weight: 0, length: 0, width: 10, height: 10 } }],
      mixed_batch: { mix_num: 2_147_483_647, mix_amount: 0 },
      sku_price_range: null,
    }
    expect(read(changes)).toMatchObject({ packaging: null, freightFromCny: null, mixedBatch: null })
    expect(read(changes).skus[0]).not.toHaveProperty('packaging')
  })

  it('say that mixing is not offered', () => {
    const { mixedBatch } = read({ sku_price_range: { mix_param: { supportMix: 'false' } } })
    expect(mixedBatch).toEqual({ offered: false, minUnits: null, minCny: null })
  })

  // https://tmapi.top/docs/ali/item-detail/get-item-detail-by-id.md
  it('keep the stock of each variant, by which sold-out ones make no price', () => {
    const data = {
      item_id: 695361338476,
      title: '户外音响',
      price_info: { price: '248.00', price_min: '248.00', price_max: '388.00' },
      tiered_price_info: { begin_num: 1, prices: [] },
      skus: [
        { skuid: '1', sale_price: '228.00', stock: 0, props_names: 'A' },
        { skuid: '2', sale_price: '299.00', stock: 5, props_names: 'B' },
        { skuid: '4', sale_price: '388.00', stock: 1, props_names: 'D' },
      ],
    }
    const { price, skus } = parseDetails(ok(data), '695361338476')
    expect(price?.text).toBe('248.00-388.00')
    expect(skus.map(({ stock }) => stock)).toEqual([0, 5, 1])
  })
})
