import { describe, expect, it } from 'vitest'
import { asAppError } from '../../../src/errors.ts'
import { noteOf } from '../../../src/shape/text/remarks.ts'
import { errorText } from '../../../src/tools/reply.ts'
import { limitCredits } from '../../../src/upstream-calls/payers/credit-limit.ts'
import { labelsOf } from '../../../src/view/parts/labels.ts'
import { readComparison } from '../../../src/view/replies/comparison.ts'
import { refusedPrice } from '../../../src/view/replies/price.ts'
import { yuan } from '../../../src/view/replies/yuan.ts'

describe('the price of a refused call', () => {
  it("is what the server's refusal says", async () => {
    const refusal = await limitCredits(0).reserve(2).catch(asAppError)
    if (!refusal) throw new Error('the call was not refused')
    const price = refusedPrice(errorText(refusal))
    expect(price).toEqual({ credits: 2, isMost: false })
    const { code, message, hint } = refusal
    const remark = { kind: 'passed_over' as const, upstream: 'parse', code, message, hint }
    const both = refusedPrice(noteOf([remark, { ...remark, upstream: 'tmapi' }]) ?? undefined)
    expect(both).toEqual({ credits: 4, isMost: true })
    const labels = labelsOf('en')
    expect([price, both].map(each => labels.paid(labels.page(2), labels.cost(each)))).toEqual([
      'Page 2 for 2 credits',
      'Page 2 for up to 4 credits',
    ])
  })

  it('is one credit, which is then the limit, where nothing is said', () => {
    for (const text of [undefined, 'Unknown tool']) expect(refusedPrice(text)).toEqual({ credits: 1, isMost: false })
  })
})

it.each([
  [
    { offers: 2, free: 0, credits: 2 },
    { credits: 2, isMost: false },
  ],
  [
    { offers: 2, free: 0, credits: 2, at_most: 4 },
    { credits: 4, isMost: true },
  ],
  [undefined, null],
])('the price of a comparison is what its dry run says', (dry_run, price) => {
  expect(readComparison({ offers: [], dry_run })?.price).toEqual(price)
})

it.each([
  ['5.10', '¥5.10'],
  ['999-12800', '¥999–12,800'],
  ['1234567.1234', '¥1,234,567.1234'],
  ['12800起', '¥12,800起'],
])('%s is shown as %s', (text, shown) => {
  expect(yuan(text)).toBe(shown)
})
