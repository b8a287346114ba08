/**
 * Every way a call can fail, with its HTTP status and its exit code.
 * Exit codes: 2 the input is wrong, 3 not found, 4 key or credits, 5 try again later, 1 anything else.
 */
export const ERROR_CODES = {
  invalid_input: { httpStatus: 400, exitCode: 2 },
  picture_refused: { httpStatus: 422, exitCode: 2 },
  picture_unreachable: { httpStatus: 422, exitCode: 2 },
  picture_unreadable: { httpStatus: 422, exitCode: 2 },
  not_found: { httpStatus: 404, exitCode: 3 },
  key_missing: { httpStatus: 401, exitCode: 4 },
  key_rejected: { httpStatus: 401, exitCode: 4 },
  not_granted: { httpStatus: 403, exitCode: 4 },
  credits_exhausted: { httpStatus: 402, exitCode: 4 },
  rate_limited: { httpStatus: 429, exitCode: 5 },
  upstream_unavailable: { httpStatus: 503, exitCode: 5 },
  certificate_untrusted: { httpStatus: 502, exitCode: 1 },
  upstream_rejected: { httpStatus: 502, exitCode: 1 },
  upstream_changed: { httpStatus: 502, exitCode: 1 },
  store_unavailable: { httpStatus: 503, exitCode: 1 },
  deadline_exceeded: { httpStatus: 504, exitCode: 5 },
  cancelled: { httpStatus: 499, exitCode: 5 },
  config_invalid: { httpStatus: 500, exitCode: 2 },
  internal: { httpStatus: 500, exitCode: 1 },
} as const

export type ErrorCode = keyof typeof ERROR_CODES

export interface AppErrorParts {
  code: ErrorCode
  /** One sentence: what happened and why. Our own words; never raw text of an upstream or a listing. */
  message: string
  /** One sentence: what to do next. */
  hint: string
  /** Whether the same call can succeed later. Default false. */
  retryable?: boolean
  /** In milliseconds from now, if known. */
  retryAfterMs?: number | undefined
  /** Credits that the failed call still cost. Default 0. */
  creditsSpent?: number
  /** Whether only this offer or picture is at fault, so that the next one may work. Default false. */
  ofOneItem?: boolean | undefined
  /** Whether the answer is still being fetched and will be cached. Default false. */
  isUnderWay?: boolean | undefined
  /** What caused it, for the log only. */
  cause?: unknown
}

/** An expected failure. Anything else that is thrown is a bug and is reported as `internal`. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly hint: string
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined
  readonly creditsSpent: number
  readonly ofOneItem: boolean
  readonly isUnderWay: boolean

  constructor(parts: AppErrorParts) {
    super(parts.message, parts.cause === undefined ? {} : { cause: parts.cause })
    this.name = 'AppError'
    this.code = parts.code
    this.hint = parts.hint
    this.retryable = parts.retryable ?? false
    this.retryAfterMs = parts.retryAfterMs
    this.creditsSpent = parts.creditsSpent ?? 0
    this.ofOneItem = parts.ofOneItem ?? false
    this.isUnderWay = parts.isUnderWay ?? false
  }
}

export function partsOf(error: AppError): AppErrorParts {
  const { code, message, hint, retryable, retryAfterMs, creditsSpent, ofOneItem, isUnderWay, cause } = error
  return { code, message, hint, retryable, retryAfterMs, creditsSpent, ofOneItem, isUnderWay, cause }
}

/** Adds credits that were spent before to an AppError; any other error stays as it is. */
export function withMoreCredits(thrown: unknown, creditsSpent: number): unknown {
  if (!(thrown instanceof AppError) || creditsSpent === 0) return thrown
  return new AppError({ ...partsOf(thrown), creditsSpent: thrown.creditsSpent + creditsSpent })
}

export function cancelledError(cause?: unknown): AppError {
  return new AppError({
    code: 'cancelled',
    message: 'The caller cancelled the call.',
    hint: 'Call again if the answer is still wanted.',
    retryable: true,
    cause,
  })
}

/**
 * Throws {@link cancelledError} if `signal` is aborted; an AppError given as the abort's reason is thrown itself.
 * @param thrown what the work threw; thrown instead if it says that the answer is still being fetched.
 */
export function throwIfAborted(signal: AbortSignal | undefined, thrown?: unknown): void {
  if (!signal?.aborted) return
  if (thrown instanceof AppError && thrown.isUnderWay) throw thrown
  if (signal.reason instanceof AppError) throw signal.reason
  throw cancelledError(signal.reason)
}

/**
 * Any thrown value as an AppError.
 * @param incidentId a short ID that links a bug's reply to its log line.
 */
export function asAppError(thrown: unknown, incidentId?: string): AppError {
  if (thrown instanceof AppError) return thrown
  if (thrown instanceof Error && thrown.name === 'AbortError') return cancelledError(thrown)
  const reference = incidentId === undefined ? '' : ` (incident ${incidentId})`
  return new AppError({
    code: 'internal',
    message: `Internal error in mcp-1688${reference}.`,
    hint: 'Try again. If it happens again, report it with the log line of that incident.',
    cause: thrown,
  })
}
