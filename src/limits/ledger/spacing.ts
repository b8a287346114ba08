/** Even spacing: what a key learns from a 429 although the ledger kept to every window. */
import { WINDOW_MS } from './ledger.ts'

const HOUR_MS = 3_600_000

/** The first gap exceeds window / limit by this share: enough for typical network jitter at 5 and 20 calls a minute. */
const FIRST_SLACK = 0.01

/** Every further episode widens the gap by this much. */
const SLACK_STEP = 0.05

/** Spacing stops at twice window / limit: beyond that, someone else is using the key, and Retry-After has to do. */
const MAX_STEPS = 20

/**
 * How long without a 429 until bursts are allowed again. The cause may have been temporary (the key used on another
 * machine), and spacing costs a key on the free tier 12 s a call. If the cause persists, trying again costs one or two
 * refused calls, so each relapse doubles the time, up to a day.
 */
const FIRST_HOLD_MS = HOUR_MS
const MAX_HOLD_MS = 24 * HOUR_MS

/** In ledger time. */
export interface Spacing {
  /** How often the gap was widened. */
  steps: number
  /** How long the spacing lasts after the latest episode. */
  holdMs: number
  learnedAt: number
}

export function isSpaced(spacing: Spacing, now: number): boolean {
  return spacing.steps > 0 && now < spacing.learnedAt + spacing.holdMs
}

export function spacingGapMs(spacing: Spacing, callsPerMinute: number): number {
  return (WINDOW_MS / callsPerMinute) * (1 + FIRST_SLACK + SLACK_STEP * (spacing.steps - 1))
}

/** Learns at most once per window: calls in flight at the first 429 are refused too. */
export function learnSpacing(spacing: Spacing, now: number): Spacing {
  if (spacing.steps === 0) return { steps: 1, holdMs: FIRST_HOLD_MS, learnedAt: now }
  if (now < spacing.learnedAt + WINDOW_MS) return spacing
  if (isSpaced(spacing, now)) return { ...spacing, steps: Math.min(spacing.steps + 1, MAX_STEPS), learnedAt: now }
  return { ...spacing, holdMs: Math.min(spacing.holdMs * 2, MAX_HOLD_MS), learnedAt: now }
}
