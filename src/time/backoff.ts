/** The pause before a retry: doubled after each failure up to a ceiling, with as much of it random as the caller wants. */

export interface Backoff {
  /** The pause before the first retry. */
  firstMs: number
  maxMs: number
  /** The share of a pause that is random, from 0 (none, the default) to 1 (all): keeps processes from coming back at the same moment. */
  jitter?: number
}

/**
 * Milliseconds to wait before the next try.
 * @param retries tries that have followed the first one so far.
 * @param random a number from 0 (with) to 1 (without); unused without jitter.
 */
export function backoffMs({ firstMs, maxMs, jitter = 0 }: Backoff, retries: number, random = 0): number {
  return Math.min(firstMs * 2 ** retries, maxMs) * (1 - jitter * (1 - random))
}
