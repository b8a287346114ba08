/** Whether a failed call may be tried again, by a table that each upstream brings, and after how long. */
import { type Backoff, backoffMs } from '../../time/backoff.ts'
import type { CallReport } from './call-report.ts'

const UNTOLD: Backoff = { firstMs: 500, maxMs: 8_000, jitter: 0.5 }

/** Added at random to a time that the upstream told, so that many processes do not come back in the same moment. */
const TOLD_JITTER_MS = 250

/** When a kind of failure is tried again. */
export interface RetryRule {
  /** The most tries that may have followed the first one, whatever their failures were. */
  maxRetries: number
  /** Only where the upstream says when to come back. */
  onlyWhenTold?: true
}

/** What an upstream allows. A failure without a rule is never tried again, and one with an unknown fate (it may have been charged) never either. */
export interface RetryPolicy {
  /** Failures before anything was sent. */
  notSent?: RetryRule
  /** By the status of the report. */
  byStatus: Readonly<Record<number, RetryRule>>
}

/**
 * How long to wait before the next try, in milliseconds; `null`: do not try again.
 * @param retries tries that have followed the first one so far.
 * @param random a number from 0 (with) to 1 (without).
 */
export function retryDelayMs(policy: RetryPolicy, report: CallReport, retries: number, random: number): number | null {
  const rule = ruleFor(policy, report)
  const toldMs = report.kind === 'answered' ? report.retryAfterMs : undefined
  if (rule === undefined || retries >= rule.maxRetries) return null
  if (toldMs !== undefined) return toldMs + random * TOLD_JITTER_MS
  if (rule.onlyWhenTold) return null
  return backoffMs(UNTOLD, retries, random)
}

function ruleFor(policy: RetryPolicy, report: CallReport): RetryRule | undefined {
  if (report.kind === 'not_sent') return policy.notSent
  return report.kind === 'answered' ? policy.byStatus[report.status] : undefined
}
