/** What upstream code reports to the gate: what one try of a call did on the wire. */
import { AppError, type AppErrorParts } from '../../errors.ts'
import type { Outcome } from '../ledger/ledger.ts'

/** HTTP's "Too Many Requests". */
const TOO_MANY_REQUESTS = 429

/** How long nobody calls after a 429 that does not say when to come back: one window. */
const UNTOLD_RETRY_AFTER_MS = 60_000

/** What happened on the wire. When in doubt it is `unknown`: the credit then counts as spent. */
export type CallReport =
  /** Not a byte of the request left this machine: DNS, connect or TLS failed, or it was cancelled before. */
  | { kind: 'not_sent' }
  /** It may have arrived, but no answer came: timeout, reset, cancelled on the way. */
  | { kind: 'unknown' }
  /** An answer came, good or bad, whole or cut short after its headers. */
  | {
      kind: 'answered'
      /** The HTTP status or, at an upstream whose body has a code of its own that counts, that code. 429: over the limit. */
      status: number
      /** `Clock.monotonic()` at the moment when the headers came. */
      headersAtMs: number
      /** When the upstream says to come back (`Retry-After`, or a field of the body), from the answer on. */
      retryAfterMs?: number | undefined
      /** What the upstream says it charged (`X-Credits-Charged`), 0 or more; left out, a call costs what was reserved and a 429 nothing. */
      creditsCharged?: number | undefined
    }

/** A call that gave something, and what it did on the wire. */
export interface Reported<T> {
  value: T
  report: CallReport
}

/** A call that failed, and what it did on the wire. Anything else that is thrown out of a call counts as `unknown`. */
export class CallError extends AppError {
  readonly report: CallReport

  /** An error for a 429 that names no time gets the one that the ledger will hold. */
  constructor(parts: AppErrorParts, report: CallReport) {
    const isLimited = report.kind === 'answered' && report.status === TOO_MANY_REQUESTS
    super(isLimited ? { ...parts, retryAfterMs: parts.retryAfterMs ?? UNTOLD_RETRY_AFTER_MS } : parts)
    this.report = report
  }
}

/** The report of whatever a call threw. */
export function reportOf(thrown: unknown): CallReport {
  return thrown instanceof CallError ? thrown.report : { kind: 'unknown' }
}

/** How the ledger books a report. @param grantedAtMs `Clock.monotonic()` right before the grant was asked for. */
export function outcomeOf(report: CallReport, grantedAtMs: number): Outcome {
  if (report.kind !== 'answered') return { kind: report.kind }
  const facts = {
    headersAfterMs: Math.max(0, report.headersAtMs - grantedAtMs),
    ...(report.creditsCharged === undefined ? {} : { credits: report.creditsCharged }),
  }
  if (report.status !== TOO_MANY_REQUESTS) return { kind: 'answered', ...facts }
  return { kind: 'limited', retryAfterMs: report.retryAfterMs ?? UNTOLD_RETRY_AFTER_MS, ...facts }
}

/** What a try cost, as far as can be known. @param reserved the credits that it was expected to cost. */
export function creditsSpentBy(report: CallReport, reserved: number): number {
  if (report.kind === 'not_sent') return 0
  if (report.kind === 'unknown') return reserved
  return report.creditsCharged ?? (report.status === TOO_MANY_REQUESTS ? 0 : reserved)
}
