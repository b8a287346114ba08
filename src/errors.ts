/** The only error that users and agents see: a closed set of codes, each with what happened and what to do next. */

/**
 * Every way a call can fail, with its HTTP status and the exit code of the process.
 * Exit codes: 2 the caller can fix it, 3 not found, 4 key or credits, 5 try again later, 1 anything else.
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
  /** One sentence: what happened and why. Never raw text from an upstream or a listing. */
  message: string
  /** One sentence: what to do next. */
  hint: string
  /** Whether the same call can succeed later. Default false. */
  retryable?: boolean
  /** Absent if unknown. */
  retryAfterMs?: number | undefined
  /** Credits that the call cost although it failed. Default 0. */
  creditsSpent?: number
  /** Whether only this offer or picture failed, so that the next one can still succeed. Default false. */
  ofOneItem?: boolean | undefined
  /** Whether the answer is still being fetched and will be cached when it arrives. Default false. */
  isUnderWay?: boolean | undefined
  /** For the log only. */
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

/** The caller can correct it. @param cause for the log only. */
export function invalidInput(message: string, hint: string, cause?: unknown): AppError {
  return new AppError({ code: 'invalid_input', message, hint, cause })
}

export function isStoreUnavailable(error: unknown): boolean {
  return error instanceof AppError && error.code === 'store_unavailable'
}

/** Whether it is an error of Node or a library with one of these codes, such as `ENOENT`. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}

/** For making a copy of an error with some parts changed. */
export function partsOf(error: AppError): AppErrorParts {
  const { code, message, hint, retryable, retryAfterMs, creditsSpent, ofOneItem, isUnderWay, cause } = error
  return { code, message, hint, retryable, retryAfterMs, creditsSpent, ofOneItem, isUnderWay, cause }
}

/** Adds credits spent earlier in the same call; errors other than AppError are returned unchanged. */
export function withMoreCredits(thrown: unknown, creditsSpent: number): unknown {
  if (!(thrown instanceof AppError) || creditsSpent === 0) return thrown
  return new AppError({ ...partsOf(thrown), creditsSpent: thrown.creditsSpent + creditsSpent })
}

export function cancelledError(cause?: unknown): AppError {
  return new AppError({
    code: 'cancelled',
    message: 'The call was cancelled.',
    hint: 'Call again if you still need the answer.',
    retryable: true,
    cause,
  })
}

/**
 * Throws the abort's reason if it is an AppError, otherwise {@link cancelledError}.
 * @param thrown what the work threw: it takes precedence if it says that the answer is still being fetched.
 */
export function throwIfAborted(signal: AbortSignal | undefined, thrown?: unknown): void {
  if (!signal?.aborted) return
  if (thrown instanceof AppError && thrown.isUnderWay) throw thrown
  if (signal.reason instanceof AppError) throw signal.reason
  throw cancelledError(signal.reason)
}

/**
 * Turns anything thrown into an AppError.
 * @param incidentId a short ID that links the reply about a bug to its log line.
 */
export function asAppError(thrown: unknown, incidentId?: string): AppError {
  if (thrown instanceof AppError) return thrown
  if (thrown instanceof Error && thrown.name === 'AbortError') return cancelledError(thrown)
  const reference = incidentId === undefined ? '' : ` (incident ${incidentId})`
  return new AppError({
    code: 'internal',
    message: `Internal error in mcp-1688${reference}.`,
    hint: 'Try again; if the error persists, report it with the log line of this incident.',
    cause: thrown,
  })
}
