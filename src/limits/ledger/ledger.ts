/** The ledger's port: grants calls by a durable count of a key's calls and credits, shared by all processes. */
import type { LedgerUsage } from '../../offers/results/usage.ts'

/** Every known rate limit is per minute. */
export const WINDOW_MS = 60_000

/**
 * The longest time from grant to arrival that the ledger allows for. The upstream counts a call when it arrives, which
 * is after its grant and before its response headers, so a slot lasts until min(headers received, granted + this) +
 * window. More than 606 ms would use less than 99 % of the allowance.
 */
export const UPLINK_MARGIN_MS = 600

export const LONGEST_SLOT_MS = WINDOW_MS + UPLINK_MARGIN_MS

/** How long a waiting call keeps its place without asking again. */
export const WAITER_PATIENCE_MS = 5_000

/** A longer Retry-After is cut to this: trying once an hour is harmless. */
export const MAX_BLOCK_MS = 3_600_000

/** Granted now, or when to ask again. A future slot is never booked. */
export type Grant = { granted: true; callId: number } | ({ granted: false } & Refusal)

export interface Refusal {
  /** `rate`: the minute is full or others are first; `blocked`: after a 429; `credits`: the month is spent. */
  reason: 'rate' | 'blocked' | 'credits'
  retryAfterMs: number
}

export type Outcome =
  /** `headersAfterMs` counts from the grant; `credits` is what the upstream says it charged, else what was reserved. */
  | { kind: 'answered'; headersAfterMs: number; credits?: number }
  /** No byte left this machine (DNS or connecting failed, or cancelled first): credit and slot are given back. */
  | { kind: 'not_sent' }
  /** It may have arrived (timeout, reset after sending): credit and slot count as spent. */
  | { kind: 'unknown' }
  /** A 429: the credit is given back unless the upstream says it charged one, the slot stays, and all calls wait. */
  | { kind: 'limited'; headersAfterMs: number; retryAfterMs: number; credits?: number }

/** The ledger of one API key. Rejects with AppError `store_unavailable` if the store cannot be written. */
export interface Ledger {
  /**
   * Asks for one call now. A ticket refused for rate keeps its place in the queue (first come, first served across
   * processes) as long as it asks again at least every 5 s.
   * @param ticket identifies the waiting call each time it asks.
   * @param credits expected cost, reserved at once.
   */
  acquire(ticket: string, credits: number): Promise<Grant>
  /**
   * Reserves more credits for a granted call that is not settled, if that many are left.
   * @returns `null` on success.
   */
  reserve(callId: number, credits: number): Promise<Refusal | null>
  /** Removes a ticket from the queue. */
  leave(ticket: string): Promise<void>
  /** Ends a granted call. A call never settled (after a crash) counts as `unknown`. */
  settle(callId: number, outcome: Outcome): Promise<void>
  usage(): Promise<LedgerUsage>
  close(): Promise<void>
}
