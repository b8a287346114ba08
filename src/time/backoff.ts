/** Exponential backoff with a ceiling and jitter. */

export interface Backoff {
  firstMs: number
  maxMs: number
  /** The random share of a pause, from 0 (default) to 1: keeps processes from retrying at the same moment. */
  jitter?: number
}

/**
 * @param retries retries made so far.
 * @param random a number from 0 (inclusive) to 1 (exclusive); unused without jitter.
 */
export function backoffMs({ firstMs, maxMs, jitter = 0 }: Backoff, retries: number, random = 0): number {
  return Math.min(firstMs * 2 ** retries, maxMs) * (1 - jitter * (1 - random))
}
