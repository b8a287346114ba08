import fc from 'fast-check'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { describe, expect, it } from 'vitest'
import { toMillionths } from '../../../src/offers/price/decimal.ts'
import { parseAmount } from '../../../src/offers/price/money.ts'
import { inCurrency } from '../../../src/offers/results/in-currency.ts'
import type { OtherCurrency } from '../../../src/offers/results/landed-cost-result.ts'
import type { SearchResult } from '../../../src/offers/results/results.ts'
import { searchText, shapeSearch } from '../../../src/shape/search/search.ts'
import { formatPriceIn } from '../../../src/shape/text/currency.ts'
import { makeDetails } from '../../support/details.ts'

const currency = (rate: number): OtherCurrency => ({
  code: 'USD',
  rate: { value: toMillionths(rate), origin: 'ecb' },
  date: '2026-11-27',
  isStale: false,
})
const USD = currency(7.1)
const rangeOf = (low: string, high = low) => ({ low: parseAmount(low) ?? 0n, high: parseAmount(high) ?? 0n })

describe('a price beside CNY', () => {
  it.each([
    ['7.10', '7.10', '1.00'],
    ['2.88', '25.65', '0.41-3.61'],
    ['0.14', '0.14', '0.0197'],
    ['0.05', '7.10', '0.0070-1.0000'],
  ])('%s to %s CNY is %s USD', (low, high, shown) => {
    expect(formatPriceIn(USD, rangeOf(low, high))).toBe(shown)
  })

  it('is at most half of its last digit from the exact amount', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 2e7 }), (fen, rate) => {
        const other = { ...USD, rate: { value: BigInt(rate) * 100n, origin: 'ecb' as const } }
        const shown = formatPriceIn(other, rangeOf((fen / 100).toFixed(2)))
        const exact = fen / 100 / (rate / 10_000)
        const digits = shown.split('.')[1]?.length ?? 0
        expect(Math.abs(Number(shown) - exact)).toBeLessThanOrEqual(0.5000001 * 10 ** -digits + exact * 1e-9)
      }),
    )
  })

  it('takes at most 8 tokens an offer, in text and in JSON', () => {
    const prices = ['2.88-25.65', '12.50', '0.35-0.48', '1188.00-2460.00']
    const products = prices.map((text, index) => {
      const offer = makeDetails(String(70_001 + index), { price: text })
      return { offer, source: 'tmapi', similarity: null, likeness: null, unlisted: [] }
    })
    const result: SearchResult = {
      products,
      page: 1,
      pageSize: 10,
      totalFound: 4,
      query: 'x',
      remarks: [],
      match: { method: 'none', compared: 0, known: 0, embedder: null, best: null },
      source: { upstream: 'tmapi', retrievedAt: 0, ageS: 0, stale: false },
      credits: { spent: 0, remaining: null },
    }
    const [plain, beside] = [
      { currency: null, remarks: [] },
      { currency: USD, remarks: [] },
    ].map(found => shapeSearch(inCurrency(result, found), 'concise'))
    if (!plain || !beside) throw new Error('nothing shaped')
    const inText = (value: typeof plain) => countTokens(searchText(value))
    const inJson = (value: typeof plain) => countTokens(JSON.stringify(value.products))
    const rate = countTokens('1 USD = 7.1 CNY (ecb, 2026-11-27)\n')
    expect((inText(beside) - inText(plain) - rate) / prices.length).toBeLessThanOrEqual(8)
    expect((inJson(beside) - inJson(plain)) / prices.length).toBeLessThanOrEqual(8)
  })
})
