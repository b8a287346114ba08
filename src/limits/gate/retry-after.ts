import { MAX_BLOCK_MS } from '../ledger/ledger.ts'

/**
 * Reads a `Retry-After` header (seconds or HTTP date), or seconds from a body field, as milliseconds from `now`,
 * clamped to [0, 1 h].
 * @param now wall time, milliseconds since 1970.
 * @returns `undefined` if it is missing or cannot be parsed.
 */
export function parseRetryAfter(value: unknown, now: number): number | undefined {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  if (/^\d+(\.\d+)?$/.test(text)) return clamp(Number(text) * 1_000)
  // Date.parse also accepts "-5" and "3/4"; an HTTP date starts with the name of the day (RFC 9110, 5.6.7).
  const date = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : clamp(date - now)
}

function clamp(delayMs: number): number {
  return Math.min(Math.max(0, Math.ceil(delayMs)), MAX_BLOCK_MS)
}
