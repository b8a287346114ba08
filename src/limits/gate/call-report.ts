/** What an upstream reports to the gate about one attempt at a call. */
import { AppError, type AppErrorParts } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import type { Outcome } from '../ledger/ledger.ts'

const TOO_MANY_REQUESTS = 429

/** Used after a 429 without a Retry-After: one window of the rate limit. */
const DEFAULT_RETRY_AFTER_MS = 60_000

/** What happened on the wire. When in doubt, `unknown`: the credit then counts as spent. */
export type CallReport =
  /** No byte of the request left this machine: DNS, connecting or TLS failed, or the call was cancelled first. */
  | { kind: 'not_sent' }
  /** The request may have arrived, but there was no response: it timed out, was reset or was cancelled. */
  | { kind: 'unknown' }
  /** A response arrived: success or failure, complete or cut off after its headers. */
  | {
      kind: 'answered'
      /** The HTTP status, or the code in the body if the upstream reports errors there. 429 means rate limited. */
      status: number
      /** `Clock.monotonic()` when the headers arrived. */
      headersAtMs: number
      /** From `Retry-After` or a field in the body, counted from the response. */
      retryAfterMs?: number | undefined
      /** The upstream says, other than by its status, that the same call often succeeds at once. */
      isTransient?: boolean
      /** From `X-Credits-Charged`; without it, a call costs what was reserved and a 429 costs nothing. */
      creditsCharged?: number | undefined
    }

/** No upstream's price list has a call that costs a hundred times another. */
const MAX_CHARGE_FACTOR = 100

/** Without credits that an upstream can hardly have charged: one false figure would use up the month. */
export function withPlausibleCharge(report: CallReport, expected: number, logger: Logger): CallReport {
  if (report.kind !== 'answered' || report.creditsCharged === undefined) return report
  if (report.creditsCharged <= MAX_CHARGE_FACTOR * Math.max(1, expected)) return report
  logger.warn('the upstream states an implausible charge, which is not counted', {
    expected,
    stated: report.creditsCharged,
  })
  return { ...report, creditsCharged: undefined }
}

export interface Reported<T> {
  value: T
  report: CallReport
}

/** A failed call with its report. Any other error thrown by a call is reported as `unknown`. */
export class CallError extends AppError {
  readonly report: CallReport

  /** An error for a 429 without a time gets the wait that the ledger will apply. */
  constructor(parts: AppErrorParts, report: CallReport) {
    const isLimited = report.kind === 'answered' && report.status === TOO_MANY_REQUESTS
    super(isLimited ? { ...parts, retryAfterMs: parts.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS } : parts)
    this.report = report
  }
}

export function reportOf(thrown: unknown): CallReport {
  return thrown instanceof CallError ? thrown.report : { kind: 'unknown' }
}

/** @param grantedAtMs `Clock.monotonic()` right before the grant was requested. */
export function outcomeOf(report: CallReport, grantedAtMs: number): Outcome {
  if (report.kind !== 'answered') return { kind: report.kind }
  const facts = {
    headersAfterMs: Math.max(0, report.headersAtMs - grantedAtMs),
    ...(report.creditsCharged === undefined ? {} : { credits: report.creditsCharged }),
  }
  if (report.status !== TOO_MANY_REQUESTS) return { kind: 'answered', ...facts }
  return { kind: 'limited', retryAfterMs: report.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS, ...facts }
}

/** @param reserved the credits the attempt was expected to cost. */
export function creditsSpentBy(report: CallReport, reserved: number): number {
  if (report.kind === 'not_sent') return 0
  if (report.kind === 'unknown') return reserved
  return report.creditsCharged ?? (report.status === TOO_MANY_REQUESTS ? 0 : reserved)
}
