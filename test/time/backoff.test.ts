import { expect, it } from 'vitest'
import { backoffMs } from '../../src/time/backoff.ts'

it('doubles each pause up to the longest, however many follow', () => {
  const pauses = [0, 1, 2, 3, 4, 5_000].map(retries => backoffMs({ firstMs: 500, maxMs: 4_000 }, retries))
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 4_000, 4_000])
})

it.each([
  [0.5, 0, 500],
  [0.5, 1, 1_000],
  [1, 0, 0],
  [1, 0.25, 250],
])('with jitter %d and a random number of %d, 1 s becomes %d ms', (jitter, random, ms) => {
  expect(backoffMs({ firstMs: 1_000, maxMs: 8_000, jitter }, 0, random)).toBe(ms)
})
