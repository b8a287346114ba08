/** The one error that the product shows: a closed set of codes, each with what happened and what to do next. */

/**
 * Every way a call can fail, and how each is told over HTTP and by a process's exit code.
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

/** What an {@link AppError} is made of. */
export interface AppErrorParts {
  /** Which kind of failure this is. */
  code: ErrorCode
  /** One sentence: what happened and why. Our own words; never raw text of an upstream or a listing. */
  message: string
  /** One sentence: what to do next. */
  hint: string
  /** Whether the same call can succeed later. Default false. */
  retryable?: boolean
  /** When to come back, in milliseconds from now, where that is known. */
  retryAfterMs?: number | undefined
  /** Credits that the failed call cost all the same. Default 0. */
  creditsSpent?: number
  /** Whether only what was asked for is at fault, whatever the code: the next offer can be fine. Default false. */
  ofOneItem?: boolean | undefined
  /** Whether its answer is still being fetched, and kept when it comes. Default false. */
  isUnderWay?: boolean | undefined
  /** What caused it, for the log only. */
  cause?: unknown
}

/** A failure that the caller can be told about. Anything else that is thrown is a bug and is reported as `internal`. */
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

/** The parts that an error was made of, to make a richer one from. */
export function partsOf(error: AppError): AppErrorParts {
  const { code, message, hint, retryable, retryAfterMs, creditsSpent, ofOneItem, isUnderWay, cause } = error
  return { code, message, hint, retryable, retryAfterMs, creditsSpent, ofOneItem, isUnderWay, cause }
}

/** What was thrown, with what was spent before it added to its credits; a bug's error stays as it is. */
export function withMoreCredits(thrown: unknown, creditsSpent: number): unknown {
  if (!(thrown instanceof AppError) || creditsSpent === 0) return thrown
  return new AppError({ ...partsOf(thrown), creditsSpent: thrown.creditsSpent + creditsSpent })
}

/** The error of a call that its caller gave up. */
export function cancelledError(cause?: unknown): AppError {
  return new AppError({
    code: 'cancelled',
    message: 'The call was cancelled by its caller.',
    hint: 'Call again if the answer is still wanted.',
    retryable: true,
    cause,
  })
}

/**
 * Throws {@link cancelledError} if `signal` is aborted; an AppError given as the abort's reason is thrown itself.
 * @param thrown what the work threw: thrown instead where it says that the answer is still under way.
 */
export function throwIfAborted(signal: AbortSignal | undefined, thrown?: unknown): void {
  if (!signal?.aborted) return
  if (thrown instanceof AppError && thrown.isUnderWay) throw thrown
  if (signal.reason instanceof AppError) throw signal.reason
  throw cancelledError(signal.reason)
}

/**
 * Gives any thrown value as an AppError.
 * @param incidentId a short id that ties the reply of a bug to its log line.
 */
export function asAppError(thrown: unknown, incidentId?: string): AppError {
  if (thrown instanceof AppError) return thrown
  if (thrown instanceof Error && thrown.name === 'AbortError') return cancelledError(thrown)
  const reference = incidentId === undefined ? '' : ` (incident ${incidentId})`
  return new AppError({
    code: 'internal',
    message: `Something failed inside mcp-1688${reference}.`,
    hint: 'Try once more; if it stays, report it with the log line of that incident.',
    cause: thrown,
  })
}
