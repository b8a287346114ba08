/** How long answers stay valid, and when a stale one is better than an error. */
import type { ErrorCode } from '../errors.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Ages in milliseconds. */
export interface CachePolicy {
  /** Younger answers are returned without asking the upstream. */
  freshMs: number
  /** Until this age an answer stands in for an upstream that fails. */
  staleMs: number
  /** How long `not_found` is cached. */
  negativeMs: number
}

/** Offer details: prices change within days, the rest rarely. */
export const DETAILS_POLICY: CachePolicy = { freshMs: DAY_MS, staleMs: 30 * DAY_MS, negativeMs: HOUR_MS }

/** A shop's profile: years and scores change slowly. */
export const SHOP_POLICY: CachePolicy = { freshMs: 7 * DAY_MS, staleMs: 60 * DAY_MS, negativeMs: HOUR_MS }

/** Searches answered by an upstream. */
export const SEARCH_POLICY: CachePolicy = { freshMs: DAY_MS, staleMs: 30 * DAY_MS, negativeMs: HOUR_MS }

/**
 * Failures of the upstream, the limits or the key do not invalidate an answer the same key once paid for; the reply
 * reports them with it. Not included: the caller's own doing (`invalid_input`, `cancelled`), `not_found`, which is an
 * answer, and bugs.
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

export function staleStandsInFor(code: ErrorCode): boolean {
  return STALE_STANDS_IN_FOR.has(code)
}

/** An answer dated further than `limitMs` in the future is not within it either: the clock was wrong then. */
export function isWithin(limitMs: number, retrievedAt: number, now: number): boolean {
  return Math.abs(now - retrievedAt) < limitMs
}
