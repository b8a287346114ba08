import { expect, test } from 'vitest'
import { isSpaced, learnSpacing, type Spacing, spacingGapMs } from '../../../src/limits/ledger/spacing.ts'

const NEVER: Spacing = { steps: 0, holdMs: 0, learnedAt: 0 }
const HOUR_MS = 3_600_000

test('a window’s worth of 429s is one lesson', () => {
  const first = learnSpacing(NEVER, 1_000)
  expect(learnSpacing(first, 60_999)).toBe(first)
  expect(learnSpacing(first, 61_000).steps).toBe(2)
})

test('the gap is 1 % wider than even, then 5 % more a lesson, twice at most', () => {
  let spacing = NEVER
  const gaps = []
  for (let lesson = 1; lesson <= 30; lesson++) {
    spacing = learnSpacing(spacing, lesson * 60_000)
    gaps.push(Math.round(spacingGapMs(spacing, 20)))
  }
  expect(gaps.slice(0, 3)).toEqual([3_030, 3_180, 3_330])
  expect(gaps.at(-1)).toBe(5_880)
})

test('a relapse keeps the gap and doubles the time, up to a day', () => {
  let spacing = learnSpacing(NEVER, 0)
  const holds = [spacing.holdMs]
  for (let relapse = 0; relapse < 6; relapse++) {
    const peaceAt = spacing.learnedAt + spacing.holdMs
    expect([isSpaced(spacing, peaceAt - 1), isSpaced(spacing, peaceAt)]).toEqual([true, false])
    spacing = learnSpacing(spacing, peaceAt)
    holds.push(spacing.holdMs)
  }
  expect(holds.map(hold => hold / HOUR_MS)).toEqual([1, 2, 4, 8, 16, 24, 24])
  expect(spacing.steps).toBe(1)
})
