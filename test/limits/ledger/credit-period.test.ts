import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { creditPeriodStart, creditsReturnAt } from '../../../src/limits/ledger/credit-period.ts'

const at = (text: string): number => Date.parse(`${text}Z`)

describe('credit period', () => {
  test.each([
    { now: '2026-11-23T10:00', day: 1, start: '2026-11-01T00:00', next: '2026-12-01T00:00' },
    { now: '2026-11-23T10:00', day: 28, start: '2026-10-28T00:00', next: '2026-11-28T00:00' },
    { now: '2026-12-28T00:00', day: 28, start: '2026-12-28T00:00', next: '2027-01-28T00:00' },
    { now: '2026-01-01T00:00', day: 2, start: '2025-12-02T00:00', next: '2026-01-02T00:00' },
    { now: '2028-03-01T00:00', day: 28, start: '2028-02-28T00:00', next: '2028-03-28T00:00' },
  ])('on $now with reset day $day it began on $start', ({ now, day, start, next }) => {
    expect(creditPeriodStart(at(now), day)).toBe(at(start))
    expect(creditsReturnAt(at(now), day, null)).toBe(at(next))
  })

  test('every moment lies in the period that it begins and ends', () => {
    const moments = fc.integer({ min: at('2020-01-01T00:00'), max: at('2040-01-01T00:00') })
    fc.assert(
      fc.property(moments, fc.integer({ min: 1, max: 28 }), (now, day) => {
        const [start, end] = [creditPeriodStart(now, day), creditsReturnAt(now, day, null) ?? 0]
        expect(start <= now && now < end).toBe(true)
        expect(creditPeriodStart(end, day)).toBe(end)
      }),
    )
  })

  test('without a reset day a call counts for 30 days to the millisecond', () => {
    const calledAt = at('2026-11-01T12:00')
    const returnsAt = creditsReturnAt(calledAt, null, calledAt) ?? 0
    expect(returnsAt).toBe(at('2026-12-01T12:00'))
    expect(creditPeriodStart(returnsAt - 1, null) <= calledAt).toBe(true)
    expect(creditPeriodStart(returnsAt, null) <= calledAt).toBe(false)
    expect(creditsReturnAt(calledAt, null, null)).toBeNull()
  })
})
