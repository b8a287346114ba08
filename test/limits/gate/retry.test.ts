import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CallReport } from '../../../src/limits/gate/call-report.ts'
import { retryDelayMs } from '../../../src/limits/gate/retry.ts'
import { parseRetryAfter } from '../../../src/limits/gate/retry-after.ts'
import { parse } from '../../../src/upstreams/parse/upstream.ts'

const answered = (status: number, retryAfterMs?: number): CallReport => ({
  kind: 'answered',
  status,
  headersAtMs: 0,
  retryAfterMs,
})
/** Retries after the first try of a call that fails alike each time. */
const retriesOf = (report: CallReport): number => {
  let retries = 0
  while (retryDelayMs(parse.retries, report, retries, 0.5) !== null) retries++
  return retries
}

describe('the policy for the API on Parse', () => {
  test.each([200, 400, 401, 402, 404, 422, 502, 504])('%i is never retried, with or without a Retry-After', status => {
    expect(retriesOf(answered(status))).toBe(0)
    expect(retriesOf(answered(status, 1_000))).toBe(0)
  })
  test.each([
    { failure: '500', report: answered(500), retries: 1 },
    { failure: '503', report: answered(503), retries: 0 },
    { failure: '503 with a time', report: answered(503, 1_000), retries: 1 },
    { failure: '429', report: answered(429), retries: 0 },
    { failure: '429 with a time', report: answered(429, 1_000), retries: 3 },
    { failure: 'a failure before sending', report: { kind: 'not_sent' }, retries: 1 },
    { failure: 'a failure of unknown fate', report: { kind: 'unknown' }, retries: 0 },
  ] as const)('$failure: $retries retries', ({ report, retries }) => {
    expect(retriesOf(report)).toBe(retries)
  })
  test('waits for the Retry-After, or half a second, and never the same twice', () => {
    expect(retryDelayMs(parse.retries, answered(429, 7_000), 0, 0)).toBe(7_000)
    expect(retryDelayMs(parse.retries, answered(429, 7_000), 0, 0.5)).toBe(7_125)
    expect(retryDelayMs(parse.retries, answered(500), 0, 0)).toBe(250)
    expect(retryDelayMs(parse.retries, answered(500), 0, 0.5)).toBe(375)
  })
})

describe('Retry-After', () => {
  const now = Date.parse('2026-11-23T10:00:00Z')
  test.each([
    ['30', 30_000],
    [' 1.5 ', 1_500],
    [30, 30_000],
    [0, 0],
    ['86400', 3_600_000],
    ['Mon, 23 Nov 2026 10:00:20 GMT', 20_000],
    ['Mon, 23 Nov 2026 09:00:00 GMT', 0],
    ['Tue, 24 Nov 2026 10:00:00 GMT', 3_600_000],
    ['Monday, 23-Nov-26 10:00:05 GMT', 5_000],
    ['-5', undefined],
    ['3/4', undefined],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
    [Number.NaN, undefined],
    [{}, undefined],
  ])('%j is %j ms', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected)
  })
  test('is undefined, or from 0 to an hour, for any input', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double(), fc.date().map(String), fc.anything()), value => {
        const delayMs = parseRetryAfter(value, now)
        expect(delayMs === undefined || (delayMs >= 0 && delayMs <= 3_600_000)).toBe(true)
      }),
    )
  })
})
