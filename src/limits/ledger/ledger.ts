/**
 * The port of the ledger: one durable count, shared by every process that uses an API key, that decides before a call
 * goes out.
 */
import type { LedgerUsage } from '../../offers/results/usage.ts'

/** The window of every known rate: calls a minute. */
export const WINDOW_MS = 60_000

/**
 * The longest way from the grant to the upstream that the ledger allows for. A call is judged when it arrives, which is after its grant and before its
 * headers, so its slot lasts until min(headers received, granted + this) + window. More than 606 ms would use less than 99 % of the allowance.
 */
export const UPLINK_MARGIN_MS = 600

/** How long a slot lasts at most. */
export const LONGEST_SLOT_MS = WINDOW_MS + UPLINK_MARGIN_MS

/** How long a call that waits keeps its place without asking again. */
export const WAITER_PATIENCE_MS = 5_000

/** A Retry-After beyond this is not believed to the letter: asking once an hour is harmless. */
export const MAX_BLOCK_MS = 3_600_000

/** The ledger's answer: go now, or when to ask again. A future slot is never booked. */
export type Grant = { granted: true; callId: number } | ({ granted: false } & Refusal)

/** Which limit was met, and when to ask again. */
export interface Refusal {
  /** `rate`: the minute is full or others wait longer; `blocked`: the upstream said 429; `credits`: the month is spent. */
  reason: 'rate' | 'blocked' | 'credits'
  /** From now, in milliseconds of the ledger's clock. */
  retryAfterMs: number
}

export type Outcome =
  /** An answer came; its headers `headersAfterMs` after the grant. `credits`: what the upstream says it charged, else what was reserved. */
  | { kind: 'answered'; headersAfterMs: number; credits?: number }
  /** No byte left this machine (DNS or connect failed, or cancelled before): credit and slot are given back. */
  | { kind: 'not_sent' }
  /** It may have arrived (timeout, reset after sending): credit and slot count as spent. */
  | { kind: 'unknown' }
  /** The upstream answered 429: the credit is given back unless it says that it charged one, the slot stays, nobody calls until then. */
  | { kind: 'limited'; headersAfterMs: number; retryAfterMs: number; credits?: number }

/** A ledger of one API key. Rejects with AppError `store_unavailable` where the store cannot be written. */
export interface Ledger {
  /**
   * Asks for one call now. A refusal for rate keeps the ticket's place in the queue (first come, first served across processes) as long as it is
   * asked again at least every 5 s.
   * @param ticket names the waiting call; the same through all its tries.
   * @param credits what the call is expected to cost, reserved at once.
   */
  acquire(ticket: string, credits: number): Promise<Grant>
  /**
   * Reserves more credits for a call that was granted and not settled, and never more than are left.
   * @returns `null` where that is done, else when to ask again.
   */
  reserve(callId: number, credits: number): Promise<Refusal | null>
  /** Gives up a ticket's place in the queue. Costs nothing. */
  leave(ticket: string): Promise<void>
  /** Ends a granted call. A call that is never settled (a crash) counts as `unknown`. */
  settle(callId: number, outcome: Outcome): Promise<void>
  usage(): Promise<LedgerUsage>
  close(): Promise<void>
}
