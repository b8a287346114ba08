/** How long answers count, and when an old one is better than an error. */
import type { ErrorCode } from '../errors.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** How long an answer counts, each in milliseconds since it came. */
export interface CachePolicy {
  /** The upstream is not asked again before this. */
  freshMs: number
  /** Until then the answer stands in where the upstream cannot be asked. */
  staleMs: number
  /** How long `not_found` is believed. */
  negativeMs: number
}

/** An offer: prices move within days; what it is hardly ever does. */
export const DETAILS_POLICY: CachePolicy = { freshMs: DAY_MS, staleMs: 30 * DAY_MS, negativeMs: HOUR_MS }

/** The answer of an upstream that matches pictures itself. */
export const SEARCH_POLICY: CachePolicy = { freshMs: DAY_MS, staleMs: 30 * DAY_MS, negativeMs: HOUR_MS }

/**
 * Failures of the upstream, the limits or the key: they say nothing against an answer that the same key once paid for, and the reply tells
 * them beside it. Not in here: what the caller did (`invalid_input`, `cancelled`), what the answer itself is (`not_found`), and bugs.
 */
const STALE_STANDS_IN_FOR: ReadonlySet<ErrorCode> = new Set([
  'upstream_unavailable',
  'certificate_untrusted',
  'upstream_rejected',
  'upstream_changed',
  'rate_limited',
  'credits_exhausted',
  'key_rejected',
  'not_granted',
  'store_unavailable',
  'deadline_exceeded',
])

/** Whether an old answer is given instead of this failure. */
export function staleStandsInFor(code: ErrorCode): boolean {
  return STALE_STANDS_IN_FOR.has(code)
}

/** Whether an answer is at most `limitMs` old. One from further than that in the future is not believed: the clock was wrong then. */
export function isWithin(limitMs: number, retrievedAt: number, now: number): boolean {
  return Math.abs(now - retrievedAt) < limitMs
}
