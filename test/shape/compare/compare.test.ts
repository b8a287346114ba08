import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/errors.ts'
import { type CompareWishes, compareOffers } from '../../../src/offers/comparison.ts'
import { NO_EVIDENCE } from '../../../src/offers/evidence/evidence.ts'
import type { OfferDetails } from '../../../src/offers/offer.ts'
import type { CompareResult } from '../../../src/offers/results/comparison-result.ts'
import { compareSchema, shapeCompare } from '../../../src/shape/compare/compare.ts'
import { compareText } from '../../../src/shape/compare/text.ts'
import { REPLY_MAX_TOKENS } from '../../../src/shape/text/budgets.ts'
import { makeDetails } from '../../support/details.ts'

const tokens = (text: string) => encode(text).length
const WISHES: CompareWishes = { quantity: 500, variant: null, maxMoq: 100, maxUnitPrice: 4 }
const PLACES = [
  ['浙江省', '金华市'],
  ['浙江省', '义乌市'],
  ['广东省', '广州市'],
  ['福建省', '泉州市'],
] as const

/** Every field is known, so that no offer is shorter than a real one. */
function offersOf(count: number, change: Partial<Omit<OfferDetails, 'price'>> = {}): OfferDetails[] {
  return Array.from({ length: count }, (_, index) => {
    const [province, city] = PLACES[index % PLACES.length] ?? PLACES[0]
    return makeDetails(String(791_912_182_230 + index * 977), {
      title: '高颜值无痕冰丝防晒口罩女轻薄透气护眼角面罩夏季高级凉感口罩',
      shopName: '东阳市示例远峰服饰有限公司',
      ladder: [
        [2, `${3 + index}.85`],
        [200, `${2 + index}.85-${4 + index}.20`],
      ],
      moq: 2 + index * 9,
      lotSize: 12,
      evidence: {
        ...NO_EVIDENCE,
        sold: { text: '5万+', atLeast: 50_000, days: 90 },
        repurchaseRate: 0.4666,
        badges: ['super_factory', 'trustpass'],
      },
      province,
      city,
      ...change,
    })
  })
}

function compared(offers: OfferDetails[], change: Partial<CompareResult> = {}): CompareResult {
  return {
    wishes: WISHES,
    isDryRun: false,
    cost: { offers: offers.length, free: offers.length, credits: 0 },
    ...compareOffers(offers, change.wishes ?? WISHES),
    sources: new Map(),
    failures: [],
    source: { upstream: 'parse', retrievedAt: 0, ageS: 60, stale: false },
    credits: { spent: 0, remaining: 87 },
    remarks: [],
    ...change,
  }
}

describe('the size of a comparison', () => {
  it('of 20 complete offers is under 4,000 tokens, in text and in JSON', () => {
    const value = compareSchema.parse(shapeCompare(compared(offersOf(20)), 'concise'))
    expect(value.offers).toHaveLength(20)
    expect(tokens(compareText(value))).toBeLessThan(4_000)
    expect(tokens(JSON.stringify(value))).toBeLessThan(4_000)
  })

  it.each([
    ['long texts', { title: '口'.repeat(120), shopName: '厂'.repeat(80), unit: '件'.repeat(80) }],
    ['rare characters', { title: '𠀋'.repeat(120), shopName: '👩'.repeat(80) }],
    ['long links', { imageUrl: `https://example.com/${'a%20b'.repeat(95)}` }],
  ])('never exceeds the budget of a reply: %s', (_name, change) => {
    for (const format of ['concise', 'detailed'] as const) {
      const value = compareSchema.parse(shapeCompare(compared(offersOf(20, change)), format))
      expect(tokens(compareText(value))).toBeLessThanOrEqual(REPLY_MAX_TOKENS)
      expect(tokens(JSON.stringify(value))).toBeLessThanOrEqual(REPLY_MAX_TOKENS)
      expect(value.offers.length + (value.left_out ?? 0)).toBe(20)
    }
  })
})

describe('a comparison in words', () => {
  it('says that only a headline price is known', () => {
    const offers = [makeDetails('70001', { price: '2.88-25.65' }), makeDetails('70002', { ladder: [[1, '3']] })]
    const value = shapeCompare(compared(offers), 'concise')
    expect(value.note).toContain('Only the listing headline price is known for 1 of 2 offers')
    expect(value.offers.map(offer => offer.price_basis).sort()).toEqual(['headline', 'ladder'])
  })

  it('leaves out unknown values in JSON and writes a dash in text', () => {
    const offer = makeDetails('70001', { price: null, province: null, city: null, shopName: null, unit: null })
    const value = shapeCompare(compared([offer]), 'concise')
    expect(Object.keys(value.offers[0] ?? {})).toEqual(['offer_id', 'title', 'price_basis', 'order_quantity', 'misses'])
    expect(value.unit_prices).toBeUndefined()
    expect(compareText(value)).toContain('70001 | - | unknown | 500 | - | - | - | MOQ unknown, price unknown | - | - |')
    expect(compareText(value)).toMatch(/^1 offer compared .*; no order total is known\n/)
    const both = compareText(shapeCompare(compared([offer, ...offersOf(1)]), 'concise'))
    expect(both).toMatch(/^2 offers compared .*, lowest order total first, unknown ones last\n/)
  })

  it('lists refusals of one kind once, with when to call again', () => {
    const refusal = (retryAfterMs: number) =>
      new AppError({
        code: 'rate_limited',
        message: `In ${retryAfterMs} ms.`,
        hint: 'Wait.',
        retryable: true,
        retryAfterMs,
      })
    const failures = [12_000, 41_500].map((ms, index) => ({ reference: `7000${index}`, error: refusal(ms) }))
    const value = shapeCompare(compared(offersOf(2), { failures }), 'concise')
    expect(value.failed).toMatchObject([{ offers: ['70000', '70001'], code: 'rate_limited', retry_after_s: 42 }])
    expect(value.next).toContain('in 42 s')
  })

  it('agrees with its numbers', () => {
    const one = shapeCompare(compared(offersOf(1), { wishes: { ...WISHES, quantity: 1 } }), 'concise')
    expect(compareText(one)).toMatch(/^1 offer compared at 1 unit; /)
    const priced = (offers: number, free: number, atMost = offers - free) =>
      compareText(
        shapeCompare(
          compared([], { isDryRun: true, cost: { offers, free, credits: offers - free, atMost } }),
          'concise',
        ),
      )
    expect(priced(1, 0)).toMatch(/^dry run: comparing this offer spends 1 credit\n/)
    expect(priced(6, 4)).toMatch(/^dry run: comparing these 6 offers spends 2 credits \(4 at no cost\)\n/)
    expect(priced(2, 0, 4)).toMatch(
      /spends 2 credits, up to 4 if a source fails and the next one is asked\n[\s\S]*at most 4 credits/,
    )
  })

  it('marks offers from another source and links only to listings on 1688', () => {
    const offers = offersOf(2)
    const [first] = offers
    const sources = new Map([[first?.offerId ?? '', 'import']])
    const value = shapeCompare(compared(offers, { sources }), 'detailed')
    expect(value.offers.map(offer => offer.from ?? null)).toEqual(['import', null])
    const sample = shapeCompare(
      compared(offers, { source: { upstream: 'sample', retrievedAt: 0, ageS: 0, stale: false } }),
      'detailed',
    )
    expect(sample.offers.every(offer => offer.detail_url === undefined)).toBe(true)
  })
})
