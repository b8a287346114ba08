/** Bodies as public clients received them, and as the platform's pages describe them; shortened and anonymised. */
import { describe, expect, it } from 'vitest'
import { parseDetails } from '../../../src/upstreams/open1688/details-mapping.ts'
import { parseQueryPage, parseSimilarPage } from '../../../src/upstreams/open1688/search-mapping.ts'

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
    ['that is null as a whole', { result: { success: true, code: '200', result: null } }, null],
  ])('%s is empty', (_name, body, totalFound) => {
    expect(parseQueryPage(body, QUERY)).toEqual({ offers: [], totalFound, hasMore: false })
  })

  it.each([
    ['with a list that is null', { success: true, result: { total: 75, result: null } }, 75],
    ['without a list', { success: true, result: { total: 75 } }, 75],
    ['that is null as a whole', { success: true, result: null }, null],
  ])('of linkplus %s is empty', (_name, body, totalFound) => {
    expect(parseSimilarPage(body, QUERY)).toEqual({ offers: [], totalFound, hasMore: false })
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
