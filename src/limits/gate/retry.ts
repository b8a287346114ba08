/** Decides whether and when a failed call is retried, by each upstream's own table. */
import { type Backoff, backoffMs } from '../../time/backoff.ts'
import type { CallReport } from './call-report.ts'

const DEFAULT_BACKOFF: Backoff = { firstMs: 500, maxMs: 8_000, jitter: 0.5 }

/** Added at random to Retry-After, so that many processes do not retry at the same moment. */
const RETRY_AFTER_JITTER_MS = 250

export interface RetryRule {
  /** Counts all retries of the call, whatever their failures were. */
  maxRetries: number
  /** Retry only if the response has a Retry-After. */
  onlyWithRetryAfter?: true
}

/** A failure without a rule is never retried, nor is a call that may have been charged without a response. */
export interface RetryPolicy {
  /** The call failed before anything was sent. */
  notSent?: RetryRule
  /** The report calls the failure transient; its status has no say. */
  transient?: RetryRule
  byStatus: Readonly<Record<number, RetryRule>>
}

/**
 * @param retries retries made so far.
 * @param random a number from 0 (inclusive) to 1 (exclusive).
 * @returns how long to wait before the next attempt; `null` for no retry.
 */
export function retryDelayMs(policy: RetryPolicy, report: CallReport, retries: number, random: number): number | null {
  const rule = ruleFor(policy, report)
  const retryAfterMs = report.kind === 'answered' ? report.retryAfterMs : undefined
  if (rule === undefined || retries >= rule.maxRetries) return null
  if (retryAfterMs !== undefined) return retryAfterMs + random * RETRY_AFTER_JITTER_MS
  if (rule.onlyWithRetryAfter) return null
  return backoffMs(DEFAULT_BACKOFF, retries, random)
}

function ruleFor(policy: RetryPolicy, report: CallReport): RetryRule | undefined {
  if (report.kind === 'not_sent') return policy.notSent
  if (report.kind === 'unknown') return undefined
  return report.isTransient ? policy.transient : policy.byStatus[report.status]
}
