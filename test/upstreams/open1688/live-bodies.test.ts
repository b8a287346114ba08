/** Bodies as public clients received them, and as the platform's pages describe them; shortened and anonymised. */
import { describe, expect, it } from 'vitest'
import { NO_EVIDENCE } from '../../../src/offers/evidence/evidence.ts'
import { parseDetails } from '../../../src/upstreams/open1688/mapping/details.ts'
import { parseQueryPage, parseSimilarPage } from '../../../src/upstreams/open1688/mapping/search.ts'

const offer = (fields: Record<string, unknown>) => ({
  result: { success: true, code: '200', result: { offerId: 1_234_567, subject: '标题', ...fields } },
})
const page = (fields: Record<string, unknown>) => ({ result: { success: 'true', code: '200', result: fields } })
const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    offerId: 680_012_407_138 + index,
    subject: `塑料袋${index}`,
    priceInfo: { price: '0.56' },
  }))

describe('whether there is another page', () => {
  // Live: 12 offers, 12 a page, and totalPage 2.
  it.each([
    { page: 1, pageSize: 12, totalRecords: 12, totalPage: 2, hasMore: false },
    { page: 32, pageSize: 20, totalRecords: 653, totalPage: 32, hasMore: true },
    { page: 1, pageSize: 20, totalRecords: '700', totalPage: '175', hasMore: true },
    { page: 1, pageSize: 20, totalRecords: null, totalPage: 2, hasMore: true },
    { page: 1, pageSize: 20, totalRecords: null, totalPage: null, hasMore: null },
  ])(
    'page $page of $totalRecords offers, $pageSize a page: $hasMore',
    ({ page: number, pageSize, hasMore, ...totals }) => {
      const body = page({ ...totals, pageSize, currentPage: number, data: rows(12) })
      expect(parseQueryPage(body, { page: number, pageSize }).hasMore).toBe(hasMore)
    },
  )
})

describe('a page past the end', () => {
  const QUERY = { page: 3, pageSize: 20 }
  const totals = { totalRecords: 12, totalPage: 2, pageSize: 20, currentPage: 3 }

  it.each([
    ['with data null', page({ ...totals, data: null }), 12],
    ['without data', page(totals), 12],
    ['with an empty list', page({ ...totals, data: [] }), 12],
    ['with rows that are null', page({ ...totals, data: [null, null] }), 12],
    ['that is null as a whole', { result: { success: true, code: '200', result: null } }, null],
    ['with a result that is null', { result: null }, null],
  ])('%s is empty', (_name, body, totalFound) => {
    expect(parseQueryPage(body, QUERY)).toEqual({ offers: [], totalFound, hasMore: false })
  })

  it.each([
    ['with a list that is null', { success: true, result: { total: 75, result: null } }, 75],
    ['without a list', { success: true, result: { total: 75 } }, 75],
    ['that is null as a whole', { success: true, result: null }, null],
  ])('of linkplus %s is empty', (_name, body, totalFound) => {
    expect(parseSimilarPage(body, QUERY)).toEqual({ offers: [], totalFound, hasMore: false, applied: {} })
  })

  it('is not read into another body', () => {
    expect(() => parseQueryPage(page({ message: 'hello' }), QUERY)).toThrow(/result\.result\.data is not an array/)
  })
})

describe('whether an offer can be ordered', () => {
  const sku = (skuId: number, amountOnSale: unknown) => ({ skuId, amountOnSale, price: '5' })

  it.each([
    'member expired',
    'auto expired',
    'expired',
    'member deleted',
    'modified',
    'new',
    'deleted',
    'TBD',
    'approved',
  ])('not with the status %s', status => {
    expect(parseDetails(offer({ status }), '1234567').status).toBe('not_orderable')
  })

  it.each([
    ['auditing', { status: 'auditing' }, 'not_orderable'],
    ['untread', { status: 'untread' }, 'not_orderable'],
    ['published', { status: 'published' }, 'on_sale'],
    ['published, one variant left', { status: 'published', productSkuInfos: [sku(1, 0), sku(2, '3')] }, 'on_sale'],
    ['published, no variant left', { status: 'published', productSkuInfos: [sku(1, 0), sku(2, '0')] }, 'sold_out'],
    ['published, a stock unknown', { status: 'published', productSkuInfos: [sku(1, 0), sku(2, null)] }, 'on_sale'],
    ['published, nothing left', { status: 'published', productSaleInfo: { amountOnSale: 0 } }, 'sold_out'],
    ['no status', {}, null],
  ])('%s', (_name, fields, status) => {
    expect(parseDetails(offer(fields), '1234567').status).toBe(status)
  })
})

describe('what a search row says', () => {
  it('is kept, and what it does not say stays unknown', () => {
    const row = {
      imageUrl: 'https://cbu01.alicdn.com/a.jpg',
      subject: '男士休闲裤',
      priceInfo: { price: '48.00', jxhyPrice: null, pfJxhyPrice: null, consignPrice: '48.00' },
      offerId: 788_934_039_984,
      isJxhy: false,
      repurchaseRate: '13%',
      monthSold: 15,
      isOnePsale: true,
      sellerIdentities: ['powerful_merchants', 'tp_member'],
    }
    const { offers } = parseQueryPage(page({ totalRecords: 700, data: [row] }), { page: 1, pageSize: 20 })
    expect(offers).toEqual([
      {
        offerId: '788934039984',
        title: '男士休闲裤',
        price: { text: '48.00', min: 48, max: 48 },
        moq: null,
        unit: null,
        shopName: null,
        city: null,
        province: null,
        imageUrl: 'https://cbu01.alicdn.com/a.jpg',
        evidence: {
          ...NO_EVIDENCE,
          sold: { text: '15', atLeast: 15, days: 30 },
          repurchaseRate: 0.13,
          badges: ['verified_merchant', 'trustpass'],
        },
      },
    ])
  })

  it('has no evidence where it says nothing', () => {
    const { offers } = parseQueryPage(page({ data: rows(1) }), { page: 1, pageSize: 20 })
    expect(offers[0]).not.toHaveProperty('evidence')
  })

  it('is read from identities in one text, as the documentation shows them', () => {
    const row = { ...rows(1)[0], sellerIdentities: 'super_factory-超级工厂 tp_member-诚信通会员' }
    const { offers } = parseQueryPage(page({ data: [row] }), { page: 1, pageSize: 20 })
    expect(offers[0]?.evidence).toMatchObject({ sellerKind: 'factory', badges: ['super_factory', 'trustpass'] })
  })
})

describe('the repurchase rate of details', () => {
  it.each([
    ['0.4908511424581573', 0.4909],
    ['0.7111843597329489', 0.7112],
    [0.4666, 0.4666],
    ['11', null],
  ])('%j is %j', (repeatPurchasePercent, rate) => {
    const details = parseDetails(offer({ sellerDataInfo: { repeatPurchasePercent } }), '1234567')
    expect(details.evidence?.repurchaseRate).toBe(rate)
  })
})

describe('weight and size', () => {
  const packagingOf = (productShippingInfo: Record<string, unknown>, skuIds: readonly number[] = []) => {
    const productSkuInfos = skuIds.map(skuId => ({ skuId, amountOnSale: 1 }))
    const { packaging, skus } = parseDetails(offer({ productShippingInfo, productSkuInfos }), '1234567')
    return { offer: packaging, skus: skus.map(sku => sku.packaging) }
  }

  it('stand at the variants, and are the seller’s', () => {
    const size = { width: 22, length: 33, height: 1 }
    const stated = { weightKg: 0.2, sizeCm: [33, 22, 1], basis: 'seller' }
    const shipping = {
      weight: null,
      skuShippingInfoList: [{ skuId: 4_829_152_353_068, ...size, weight: 200 }],
      skuShippingDetails: [{ skuId: '4829152353068', ...size, weight: 0.2, pkgSizeSource: '商家自填' }],
    }
    expect(packagingOf(shipping, [4_829_152_353_068])).toEqual({ offer: stated, skus: [stated] })
  })

  it('are in grams in one of the lists', () => {
    const shipping = { skuShippingInfoList: [{ skuId: 7, weight: '200' }] }
    expect(packagingOf(shipping, [7]).skus).toEqual([{ weightKg: 0.2, sizeCm: null, basis: null }])
  })

  it.each([
    ['预测-同款放大', 'predicted'],
    ['商家自填', 'seller'],
    ['官方测量', 'measured'],
    ['预测-同款放大，商家自填，官方测量', null],
    [null, null],
  ])('from %s have the basis %s', (pkgSizeSource, basis) => {
    expect(packagingOf({ weight: 1.2, pkgSizeSource }).offer).toEqual({ weightKg: 1.2, sizeCm: null, basis })
  })

  it('that 1688 measured come before all others', () => {
    const official = { officialWeight: 0.5, officialLength: 10, officialWidth: 8, officialHeight: 6 }
    const details = [{ skuId: '7', weight: 9, pkgSizeSource: '商家自填', ...official }]
    const measured = { weightKg: 0.5, sizeCm: [10, 8, 6], basis: 'measured' }
    expect(packagingOf({ skuShippingDetails: details, ...official }, [7])).toEqual({
      offer: measured,
      skus: [measured],
    })
  })

  it('of the offer are those of the heaviest variant', () => {
    const details = [1, 3, 2].map(weight => ({ skuId: String(weight), weight }))
    expect(packagingOf({ skuShippingDetails: details }).offer?.weightKg).toBe(3)
  })
})

describe('attributes', () => {
  it('with several values are one, in the translation where there is one', () => {
    const productAttribute = [
      { attributeName: '材质', value: '棉', attributeNameTrans: 'Material', valueTrans: 'Cotton' },
      { attributeName: '材质', value: '涤纶', attributeNameTrans: 'Material', valueTrans: null },
      { attributeName: '货号', value: 'A-1' },
      { attributeName: '空', value: null },
    ]
    expect(parseDetails(offer({ productAttribute }), '1234567').attributes).toEqual([
      { name: 'Material', value: 'Cotton / 涤纶' },
      { name: '货号', value: 'A-1' },
    ])
  })
})
