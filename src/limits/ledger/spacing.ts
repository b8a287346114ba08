/** Even spacing: what a key learns when the upstream says 429 though the ledger kept every window. */
import { WINDOW_MS } from './ledger.ts'

const HOUR_MS = 3_600_000

/** The first gap is this much wider than window / limit: enough for the jitter of a usual line at 5 and 20 calls a minute. */
const FIRST_SLACK = 0.01

/** Every further episode widens the gap by this much. */
const SLACK_STEP = 0.05

/** Spacing never gets wider than twice window / limit: past that, somebody else spends the key's allowance and Retry-After must do. */
const MAX_STEPS = 20

/**
 * How long peace must last until bursts are allowed again. A 429 may have had a passing cause (the key used on another machine), and a key on the free
 * tier pays 12 s a call for spacing. Where the cause stays, the relapse costs one or two refused calls, so each relapse doubles the time up to a day.
 */
const FIRST_HOLD_MS = HOUR_MS
const MAX_HOLD_MS = 24 * HOUR_MS

/** What a key has learned. Instants are in ledger time. */
export interface Spacing {
  /** Episodes that widened the gap; 0: never learned. */
  steps: number
  /** How long the spacing lasts after the latest episode. */
  holdMs: number
  learnedAt: number
}

/** Whether calls go out evenly spaced at `now`. */
export function isSpaced(spacing: Spacing, now: number): boolean {
  return spacing.steps > 0 && now < spacing.learnedAt + spacing.holdMs
}

/** The time between two calls of a spaced key. */
export function spacingGapMs(spacing: Spacing, callsPerMinute: number): number {
  return (WINDOW_MS / callsPerMinute) * (1 + FIRST_SLACK + SLACK_STEP * (spacing.steps - 1))
}

/** What is known after an unexplained 429 at `now`. Learns once a window: the calls in flight are refused with the first one. */
export function learnSpacing(spacing: Spacing, now: number): Spacing {
  if (spacing.steps === 0) return { steps: 1, holdMs: FIRST_HOLD_MS, learnedAt: now }
  if (now < spacing.learnedAt + WINDOW_MS) return spacing
  if (isSpaced(spacing, now)) return { ...spacing, steps: Math.min(spacing.steps + 1, MAX_STEPS), learnedAt: now }
  return { ...spacing, holdMs: Math.min(spacing.holdMs * 2, MAX_HOLD_MS), learnedAt: now }
}
