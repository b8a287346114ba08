/** The ledger's rules, the same for every store: judge a key's next call by a snapshot of facts. */
import type { LedgerUsage } from '../../offers/results/usage.ts'
import type { Allowance } from './allowance.ts'
import { creditsReturnAt } from './credit-period.ts'
import { LONGEST_SLOT_MS, MAX_BLOCK_MS, type Outcome, type Refusal, UPLINK_MARGIN_MS, WINDOW_MS } from './ledger.ts'
import { isSpaced, learnSpacing, type Spacing, spacingGapMs } from './spacing.ts'

/** Older calls no longer matter: two of the longest months. */
export const KEEP_CALLS_MS = 62 * 86_400_000

/** Ledger time, and what was learned from the upstream's 429s. */
export interface RateState {
  /** Ledger time in milliseconds; unlike the wall clock, it never goes back. */
  now: number
  blockedUntil: number
  spacing: Spacing
}

export interface Facts extends RateState {
  /** Milliseconds since 1970. */
  wallNow: number
  /** Calls waiting ahead of this one. */
  ahead: number
  /** Of the current slots by end, latest first: the end of the one at {@link roomIndex}; `null` if there are fewer. */
  roomEndsAt: number | null
  /** Ledger time. */
  latestGrantAt: number | null
  /** Credits used in the period; only read if the allowance limits them. */
  creditsUsed: number
  /** Wall time of the oldest call in the period that cost credits. */
  oldestChargedAt: number | null
}

/** The call may go out once at most `limit - ahead - 1` slots are left. */
export function roomIndex(callsPerMinute: number, ahead: number): number {
  return Math.max(0, callsPerMinute - ahead - 1)
}

/** @returns `null` if a call that costs `credits` may go out now. */
export function judge(allowance: Allowance, facts: Facts, credits: number): Refusal | null {
  const { now, blockedUntil } = facts
  const spent = judgeCredits(allowance, facts, credits)
  if (spent !== null) return spent
  const opens = opensAt(allowance.callsPerMinute, facts)
  if (opens <= now) return null
  return { reason: blockedUntil >= opens ? 'blocked' : 'rate', retryAfterMs: Math.ceil(opens - now) }
}

/** @returns `null` if enough credits are left, or none are needed. */
export function judgeCredits(allowance: Allowance, facts: Facts, credits: number): Refusal | null {
  const { creditsPerMonth, creditResetDay } = allowance
  if (creditsPerMonth === null || credits === 0 || facts.creditsUsed + credits <= creditsPerMonth) return null
  const { wallNow, oldestChargedAt } = facts
  const returnsAt = creditsReturnAt(wallNow, creditResetDay, oldestChargedAt) ?? wallNow + MAX_BLOCK_MS
  return { reason: 'credits', retryAfterMs: Math.max(1, returnsAt - wallNow) }
}

/** @param facts with all waiting calls in `ahead`. @param live current slots. */
export function usageOf(allowance: Allowance, facts: Facts, live: number): LedgerUsage {
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

export interface Settlement {
  state: Exclude<Outcome['kind'], 'not_sent'>
  /** From the grant to the end of the slot, at most. */
  slotMs: number
  /** `null`: keep what was reserved. */
  credits: number | null
}

/** @returns `null` if the call is to be deleted. */
export function settlementOf(outcome: Outcome): Settlement | null {
  if (outcome.kind === 'not_sent') return null
  if (outcome.kind === 'unknown') return { state: 'unknown', slotMs: LONGEST_SLOT_MS, credits: null }
  const slotMs = WINDOW_MS + Math.min(outcome.headersAfterMs, UPLINK_MARGIN_MS)
  return { state: outcome.kind, slotMs, credits: outcome.credits ?? (outcome.kind === 'limited' ? 0 : null) }
}

export function afterLimited(state: RateState, retryAfterMs: number): Pick<RateState, 'blockedUntil' | 'spacing'> {
  const { now, blockedUntil, spacing } = state
  return {
    blockedUntil: Math.max(blockedUntil, now + Math.min(Math.max(0, retryAfterMs), MAX_BLOCK_MS)),
    // A wait longer than the window suggests a daily or monthly limit, which spacing would not have avoided.
    spacing: retryAfterMs > WINDOW_MS ? spacing : learnSpacing(spacing, now),
  }
}

/** When a call with `ahead` others before it may go out, in ledger time; `now` or earlier means now. */
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
