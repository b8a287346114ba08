import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { describe, expect, it } from 'vitest'
import type { RankedOffer, SearchResult } from '../../../src/offers/results/results.ts'
import {
  keywordText,
  type ResponseFormat,
  searchText,
  shapeKeywordSearch,
  shapeSearch,
} from '../../../src/shape/search/search.ts'
import { countThatFit, estimateTokens, REPLY_MAX_TOKENS } from '../../../src/shape/text/budgets.ts'

const TITLES = [
  '高颜值无痕冰丝防晒口罩女轻薄透气护眼角面罩夏季高级凉感口罩',
  '跨境新款不锈钢保温杯大容量户外运动水壶定制logo源头工厂',
  '儿童书包小学生男女孩减负护脊双肩背包1-6年级批发一件代发',
]

function search(count: number, change: Partial<RankedOffer['offer']> = {}): SearchResult {
  const products: RankedOffer[] = Array.from({ length: count }, (_, index) => ({
    offer: {
      offerId: String(791_912_182_230 + index * 977),
      title: TITLES[index % TITLES.length] ?? '',
      price: {
        text: index % 3 === 0 ? `${2 + index}.85-${4 + index}.20` : `${2 + index}.85`,
        min: 2.85 + index,
        max: 4.2 + index,
      },
      moq: 2 + index,
      unit: '件',
      shopName: '东阳市示例远峰服饰厂',
      city: '金华市',
      province: '浙江省',
      imageUrl: `https://cbu01.alicdn.com/img/ibank/O1CN01Oy4rTD1CCemGtnRHm_!!2215471880${index}-0-cib.jpg`,
      ...change,
    },
    source: 'parse',
    similarity: 0.873,
    likeness: 'similar',
    unlisted: [],
  }))
  return {
    products,
    page: 1,
    pageSize: count,
    totalFound: 734,
    query: 'photo.jpg',
    match: { method: 'visual', compared: 734, known: 734, embedder: 'test/1', best: 'similar' },
    source: { upstream: 'parse', retrievedAt: 0, ageS: 60, stale: false },
    credits: { spent: 0, remaining: 87 },
    remarks: [],
  }
}

const tokens = (text: string) => encode(text).length
/** Tokens that each further offer adds. */
const perOffer = (write: (result: SearchResult) => string) =>
  (tokens(write(search(20))) - tokens(write(search(0)))) / 20
const json = (format: ResponseFormat) => (result: SearchResult) => JSON.stringify(shapeSearch(result, format))
const text = (format: ResponseFormat) => (result: SearchResult) => searchText(shapeSearch(result, format))

describe('the size of a search reply', () => {
  it('is at most 70 tokens per offer in JSON and 60 in text when concise', () => {
    expect(perOffer(json('concise'))).toBeLessThanOrEqual(70)
    expect(perOffer(text('concise'))).toBeLessThanOrEqual(60)
  })

  it('is no larger for a search by words or by the upstream', () => {
    const found = (result: SearchResult): SearchResult => ({
      ...result,
      match: { ...result.match, method: 'upstream' },
      remarks: [
        {
          kind: 'filtered',
          upstream: 'open1688',
          there: ['max_price'],
          here: ['location'],
          looked: 20,
          fitting: 10,
          unlisted: 10,
          values: ['place'],
        },
      ],
    })
    const byWords = (result: SearchResult) => shapeKeywordSearch(found(result), 'concise')
    expect(perOffer(result => json('concise')(found(result)))).toBeLessThanOrEqual(70)
    expect(perOffer(result => JSON.stringify(byWords(result)))).toBeLessThanOrEqual(70)
    expect(perOffer(result => keywordText(byWords(result)))).toBeLessThanOrEqual(60)
  })

  it.each<[string, number, Partial<RankedOffer['offer']>, ResponseFormat]>([
    ['60 usual offers', 60, {}, 'concise'],
    ['60 usual offers, detailed', 60, {}, 'detailed'],
    [
      '60 offers with the longest texts',
      60,
      { title: '口'.repeat(120), shopName: '厂'.repeat(80), city: '市'.repeat(80) },
      'concise',
    ],
    ['60 offers with rare characters', 60, { title: '𠀋'.repeat(120), shopName: '👩‍👩‍👧'.repeat(16) }, 'detailed'],
    ['60 offers with long links', 60, { imageUrl: `https://example.com/${'a%20b'.repeat(95)}` }, 'detailed'],
  ])('never exceeds the budget: %s', (_name, count, change, format) => {
    const value = shapeSearch(search(count, change), format)
    expect(tokens(JSON.stringify(value))).toBeLessThanOrEqual(REPLY_MAX_TOKENS)
    expect(tokens(searchText(value))).toBeLessThanOrEqual(REPLY_MAX_TOKENS)
    expect(value.products.length + (value.left_out ?? 0)).toBe(count)
    if (value.left_out) expect(value.next).toContain('page_size')
  })
})

describe('estimateTokens', () => {
  it.each([
    ...TITLES,
    'The quick brown fox jumps over the lazy dog',
    '{"offer_id":"791912182230","price":"2.85"}',
    'https://detail.1688.com/offer/791912182230.html',
  ])('does not fall short for %s', sample => {
    expect(estimateTokens(sample)).toBeGreaterThanOrEqual(tokens(sample))
  })

  it('keeps one item even if it exceeds the budget', () => {
    expect(countThatFit(['x'.repeat(9_000), 'y'], 10)).toBe(1)
    expect(countThatFit([], 10)).toBe(0)
  })
})
