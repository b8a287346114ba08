import { describe, expect, test } from 'vitest'
import {
  fixedWindowAligned,
  fixedWindowFromFirstCall,
  type LimiterFactory,
  slidingCounter,
  slidingLog,
  spacedGcra,
  tokenBucket,
} from '../support/limiter-models.ts'
import { simulate } from './simulation.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const RATES = [5, 20, 250]
const simulateAgainst = (
  given: { callsPerMinute: number; processes: number },
  durationMs: number,
  limiters: LimiterFactory[],
) => simulate({ ...given, durationMs, limiters: limiters.map(create => create(given.callsPerMinute)) })

// A part of what `npm run bench:simulation` measures, which goes on for 10 hours, 1 hour at 250 a minute.
describe('gates of one key, saturated', () => {
  const CASES = RATES.flatMap(callsPerMinute =>
    [1, 2, 4].map(processes => {
      const [long, short] = callsPerMinute === 250 ? [0.4, 0.1] : [2, 1]
      return { callsPerMinute, processes, hours: processes === 2 ? long : short }
    }),
  )
  // As long as nobody refuses, one run is the run that each of the four upstreams would have seen.
  test.each(CASES)(
    '$callsPerMinute a minute, $processes processes: windows, log and bucket never refuse in $hours h',
    async ({ hours, ...given }) => {
      const limiters = [fixedWindowAligned, fixedWindowFromFirstCall, slidingLog, tokenBucket]
      const { refusedAt, share, servedBy, served } = await simulateAgainst(given, hours * HOUR_MS, limiters)
      expect(refusedAt).toEqual([])
      expect(share).toBeGreaterThanOrEqual(0.99)
      for (const calls of servedBy) expect(calls / served).toBeCloseTo(1 / given.processes, 2)
    },
  )

  const STRICTER = [
    { name: 'sliding counter', limiter: slidingCounter, leastShare: 0.7 },
    { name: 'spaced GCRA', limiter: spacedGcra, leastShare: 0.7 },
  ]
  const LEARNING = RATES.flatMap(callsPerMinute =>
    STRICTER.map(stricter => ({ callsPerMinute, processes: 2, ...stricter })),
  )
  // Long enough to forget after an hour and to relapse. 250 a minute learn all that they will in a quarter of an hour.
  test.each(LEARNING)(
    '$callsPerMinute a minute, $processes processes: a $name refuses at most 5 %',
    async ({ limiter, leastShare, ...given }) => {
      const durationMs = given.callsPerMinute === 250 ? HOUR_MS / 4 : 1.5 * HOUR_MS
      const { refusedAt, served, share } = await simulateAgainst(given, durationMs, [limiter])
      expect(refusedAt.length).toBeGreaterThan(0)
      expect(refusedAt.length / (served + refusedAt.length)).toBeLessThanOrEqual(0.05)
      expect(share).toBeGreaterThanOrEqual(leastShare)
    },
  )
})
