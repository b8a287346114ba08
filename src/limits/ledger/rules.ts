/**
 * The ledger's rules: what the facts about a key that a store gathers in one snapshot mean for its next call. Pure,
 * and the same for every store.
 */

import type { LedgerUsage } from '../../offers/results/usage.ts'
import type { Allowance } from './allowance.ts'
import { creditPeriodStart, creditsReturnAt } from './credit-period.ts'
import { LONGEST_SLOT_MS, MAX_BLOCK_MS, type Outcome, type Refusal, UPLINK_MARGIN_MS, WINDOW_MS } from './ledger.ts'
import { isSpaced, learnSpacing, type Spacing, spacingGapMs } from './spacing.ts'

/** Calls older than this count for nothing any more, in milliseconds: two of the longest months. */
export const KEEP_CALLS_MS = 62 * 86_400_000

/** What the upstream's 429s taught, and the ledger's time. */
export interface RateState {
  /** Ledger time: never goes back, whatever happens to the wall clock. Milliseconds. */
  now: number
  blockedUntil: number
  spacing: Spacing
}

/** What is on record of a key, as far as it concerns one call. */
export interface Facts extends RateState {
  /** Milliseconds since 1970. */
  wallNow: number
  /** How many waited before this call. */
  ahead: number
  /** Of the slots that still last, the end of the one that {@link roomIndex} names when they are sorted by their end, the last one first; `null`: there are fewer. */
  roomEndsAt: number | null
  /** Ledger time of the latest grant; `null`: there was none. */
  latestGrantAt: number | null
  /** Credits since the start of the period; only read where the allowance bounds them. */
  creditsUsed: number
  /** Wall time of the period's oldest call that cost something; `null`: there is none. */
  oldestChargedAt: number | null
}

/** Of the slots that last longest, `limit - ahead` may last at the moment of the call: the last of them to end makes room. @returns 0 or more. */
export function roomIndex(callsPerMinute: number, ahead: number): number {
  return Math.max(0, callsPerMinute - ahead - 1)
}

/** Judges a call that is to cost `credits`. @returns `null` where it may go out now. */
export function judge(allowance: Allowance, facts: Facts, credits: number): Refusal | null {
  const { now, blockedUntil } = facts
  const spent = judgeCredits(allowance, facts, credits)
  if (spent !== null) return spent
  const opens = opensAt(allowance.callsPerMinute, facts)
  if (opens <= now) return null
  return { reason: blockedUntil >= opens ? 'blocked' : 'rate', retryAfterMs: Math.ceil(opens - now) }
}

/** Judges the credits alone; what costs nothing may always go. @returns `null` where as many are left. */
export function judgeCredits(allowance: Allowance, facts: Facts, credits: number): Refusal | null {
  const { creditsPerMonth, creditResetDay } = allowance
  if (creditsPerMonth === null || credits === 0 || facts.creditsUsed + credits <= creditsPerMonth) return null
  const { wallNow, oldestChargedAt } = facts
  const returnsAt = creditsReturnAt(wallNow, creditResetDay, oldestChargedAt) ?? wallNow + MAX_BLOCK_MS
  return { reason: 'credits', retryAfterMs: Math.max(1, returnsAt - wallNow) }
}

/** From when on calls count against the credits, milliseconds since 1970. */
export function countsSince(allowance: Allowance, wallNow: number): number {
  return creditPeriodStart(wallNow, allowance.creditResetDay)
}

/** Where a key stands. `facts.ahead` counts all who wait. @param live slots that last. */
export function standing(allowance: Allowance, facts: Facts, live: number): LedgerUsage {
  const { callsPerMinute, creditsPerMonth, creditResetDay } = allowance
  const evenlySpaced = isSpaced(facts.spacing, facts.now)
  const nextCallInMs = Math.max(0, Math.ceil(opensAt(callsPerMinute, facts) - facts.now))
  const slotsFree = callsPerMinute === null ? null : callsPerMinute - live - facts.ahead
  return {
    callsFree: nextCallInMs > 0 ? 0 : evenlySpaced ? 1 : slotsFree,
    nextCallInMs,
    creditsUsed: facts.creditsUsed,
    creditsLeft: creditsPerMonth === null ? null : Math.max(0, creditsPerMonth - facts.creditsUsed),
    creditsResetAt: creditsReturnAt(facts.wallNow, creditResetDay, facts.oldestChargedAt),
    waiting: facts.ahead,
    evenlySpaced,
  }
}

/** What is written of a call that ended. */
export interface Settlement {
  state: Exclude<Outcome['kind'], 'not_sent'>
  /** The slot lasts at most this long after the grant, in milliseconds. */
  slotMs: number
  /** `null`: what was reserved stays. */
  credits: number | null
}

/** How an outcome is written; `null` where the call is taken back. */
export function settlementOf(outcome: Outcome): Settlement | null {
  if (outcome.kind === 'not_sent') return null
  if (outcome.kind === 'unknown') return { state: 'unknown', slotMs: LONGEST_SLOT_MS, credits: null }
  const slotMs = WINDOW_MS + Math.min(outcome.headersAfterMs, UPLINK_MARGIN_MS)
  return { state: outcome.kind, slotMs, credits: outcome.credits ?? (outcome.kind === 'limited' ? 0 : null) }
}

/** What a key knows after a 429 that asked to come back in `retryAfterMs`. */
export function afterLimited(state: RateState, retryAfterMs: number): Pick<RateState, 'blockedUntil' | 'spacing'> {
  const { now, blockedUntil, spacing } = state
  return {
    blockedUntil: Math.max(blockedUntil, now + Math.min(Math.max(0, retryAfterMs), MAX_BLOCK_MS)),
    // A longer wait than the window speaks of a daily or monthly limit: spacing calls would not have helped.
    spacing: retryAfterMs > WINDOW_MS ? spacing : learnSpacing(spacing, now),
  }
}

/** The moment from which somebody with `ahead` waiters before them may call; `now` or earlier means now. */
function opensAt(callsPerMinute: number | null, facts: Facts): number {
  const { now, blockedUntil, spacing, ahead, latestGrantAt } = facts
  if (callsPerMinute === null) return blockedUntil
  const windowAt =
    ahead >= callsPerMinute ? now + Math.floor(ahead / callsPerMinute) * LONGEST_SLOT_MS : (facts.roomEndsAt ?? now)
  if (!isSpaced(spacing, now)) return Math.max(blockedUntil, windowAt)
  const gapMs = spacingGapMs(spacing, callsPerMinute)
  const nextAt = latestGrantAt === null ? now : Math.max(now, latestGrantAt + gapMs)
  return Math.max(blockedUntil, windowAt, nextAt + ahead * gapMs)
}
