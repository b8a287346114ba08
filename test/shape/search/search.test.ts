import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { expect, test } from 'vitest'
import { NO_EVIDENCE } from '../../../src/offers/evidence/evidence.ts'
import type { RankedOffer, SearchResult } from '../../../src/offers/results/results.ts'
import { searchText, shapeSearch } from '../../../src/shape/search/search.ts'

const PAGE_SIZE = 60

/** Every text is as long as it may be. */
function longOffer(index: number): RankedOffer {
  const offer = {
    offerId: String(610_000_000_000 + index),
    title: '防晒口罩'.repeat(30),
    price: { text: '2.00-5.00', min: 2, max: 5 },
    shopName: '示例贸易商行'.repeat(12),
    city: '金华市',
    province: '浙江省',
    imageUrl: `https://cbu01.alicdn.com/img/ibank/${'x'.repeat(120)}${index}.jpg`,
    moq: 10,
    unit: '件',
  }
  return { offer, source: 'parse', similarity: 0.5, likeness: 'similar', unlisted: [] }
}

function found(parts: Partial<SearchResult>): SearchResult {
  return {
    products: [],
    page: 1,
    pageSize: PAGE_SIZE,
    totalFound: 0,
    query: 'photo.jpg',
    match: { method: 'visual', compared: 0, known: 0, embedder: 'model', best: null },
    source: { upstream: 'parse', retrievedAt: null, ageS: null, stale: false },
    credits: { spent: 0, remaining: null },
    remarks: [],
    ...parts,
  }
}

test('offers cut from a page are on the page that the reply names', () => {
  const all = Array.from({ length: 3 * PAGE_SIZE }, (_, index) => longOffer(index))
  const ask = (page: number, pageSize: number) => {
    const products = all.slice((page - 1) * pageSize, page * pageSize)
    return shapeSearch(found({ products, page, pageSize, totalFound: all.length }), 'detailed')
  }
  for (const page of [1, 2, 3]) {
    const { products, left_out, next } = ask(page, PAGE_SIZE)
    expect(left_out).toBe(PAGE_SIZE - products.length)
    expect(left_out).toBeGreaterThan(0)
    expect(next).toMatch(new RegExp(`^${left_out} offers? cut for length; `))
    const [, nextPage, nextSize] = /page (\d+) and page_size (\d+)\./.exec(next) ?? []
    const following = ask(Number(nextPage), Number(nextSize))
    const firstCut = all[(page - 1) * PAGE_SIZE + products.length]?.offer.offerId
    expect(following.products.map(product => product.offer_id)).toContain(firstCut)
    expect(following.left_out).toBeUndefined()
  }
})

test('a search that finds nothing suggests no other page', () => {
  expect(shapeSearch(found({ page: 2 }), 'concise').next).toBe('Try another picture or remove a filter.')
  expect(shapeSearch(found({ page: 2, totalFound: 5 }), 'concise').next).toBe(
    'This page is past the last one, which is page 1.',
  )
})

test('a likeness in the JSON is in the text, too', () => {
  const match = { method: 'upstream', compared: 1, known: 1, embedder: 'model', best: 'similar' } as const
  const products = [longOffer(1), { ...longOffer(2), similarity: null, likeness: null }]
  const value = shapeSearch(found({ products, match, totalFound: 2 }), 'detailed')
  expect(value.products.map(product => product.likeness)).toEqual(['similar', undefined])
  const rows = searchText(value)
    .split('\n')
    .filter(line => / \| /.test(line))
  expect(rows.map(row => row.split(' | ').slice(1, 3))).toEqual([
    ['similarity', 'likeness'],
    ['0.50', 'similar'],
    ['-', '-'],
  ])
})

test('a search that finds no close match says so first', () => {
  const match = { method: 'visual', compared: 24, known: 24, embedder: 'model', best: 'similar' } as const
  const textOf = (page: number) =>
    searchText(shapeSearch(found({ products: [longOffer(1)], page, match, totalFound: 24 }), 'concise'))
  expect(textOf(1)).toMatch(/^No close match; the nearest are 1 of 24 offers, page 1 /)
  expect(textOf(1)).toContain('24 of 24 known offers compared, best: similar\n')
  expect(textOf(2)).toContain(', best on page 1: similar\n')
})

test('evidence is shown only if known, and keeps an offer within its tokens', () => {
  const evidence = {
    ...NO_EVIDENCE,
    sold: { text: '1.2万+', atLeast: 12_000, days: 90 },
    repurchaseRate: 0.0912,
    yearsOn1688: 11,
    sellerKind: 'factory' as const,
    serviceScores: {
      composite: 4.5,
      goods: null,
      logistics: null,
      dispute: null,
      afterSales: null,
      consultation: null,
    },
  }
  const products = Array.from({ length: 20 }, (_, index) => {
    const product = longOffer(index)
    return { ...product, offer: { ...product.offer, shopName: '金华市示例针织服饰有限公司' } }
  })
  const judged = products.map(product => ({ ...product, offer: { ...product.offer, evidence } }))
  const tokensOf = (of: RankedOffer[]) => {
    const textsOf = (products: RankedOffer[]) => {
      const value = shapeSearch(found({ products, totalFound: 20 }), 'concise')
      return [searchText(value), JSON.stringify(value)].map(text => countTokens(text))
    }
    const frame = textsOf([])
    return textsOf(of).map((tokens, index) => (tokens - (frame[index] ?? 0)) / 20)
  }
  const [text = 0, json = 0] = tokensOf(judged)
  expect(text).toBeLessThan(75)
  expect(json).toBeLessThan(90)

  const shown = shapeSearch(found({ products: [judged[0] ?? longOffer(0), longOffer(1)], totalFound: 2 }), 'concise')
  expect(shown.products.map(product => product.evidence)).toEqual([
    'sold 1.2万+, repurchase 9%, factory 11y',
    undefined,
  ])
  expect(searchText(shown)).toContain('| sold 1.2万+, repurchase 9%, factory 11y\n')
  const detailed = shapeSearch(found({ products: judged.slice(0, 1), totalFound: 1 }), 'detailed')
  expect(detailed.products[0]?.evidence).toContain('scores out of 5: composite 4.5')
})
