/** Answers to requests that no route can take, or whose caller may not pass: an HTTP status with our own words. */
import type { AppError, ErrorCode } from '../../errors.ts'
import { ERROR_CODES } from '../../errors.ts'

/** What a refusal is made of. */
export interface RefusalParts {
  /** HTTP status, 400 to 599. */
  status: number
  /** A word for programs. */
  code: string
  /** One sentence: what happened. Nothing of the request is repeated in it. */
  message: string
  /** One sentence: what to do. */
  hint: string
  headers?: Readonly<Record<string, string>>
}

/** Thrown to answer a request with an error. */
export class HttpRefusal extends Error {
  readonly status: number
  readonly code: string
  readonly hint: string
  readonly headers: Readonly<Record<string, string>>

  constructor(parts: RefusalParts) {
    super(parts.message)
    this.name = 'HttpRefusal'
    this.status = parts.status
    this.code = parts.code
    this.hint = parts.hint
    this.headers = parts.headers ?? {}
  }
}

/**
 * Where REST tells another status than usual: callers know 401 and 403 as said of their own key, so trouble with this server's key is a bad gateway; and
 * the seed's API tells an offer that is gone as 422.
 */
const REST_STATUS: Partial<Record<ErrorCode, number>> = {
  not_found: 422,
  key_missing: 502,
  key_rejected: 502,
  not_granted: 502,
}

/** A failed call as an answer over REST. @param receipt headers that tell what it cost. */
export function refusalOf(error: AppError, receipt: Readonly<Record<string, string>> = {}): HttpRefusal {
  const { code, message, hint, retryAfterMs } = error
  const headers = {
    ...receipt,
    ...(retryAfterMs === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) }),
  }
  return new HttpRefusal({ status: REST_STATUS[code] ?? ERROR_CODES[code].httpStatus, code, message, hint, headers })
}

/** The body of an error over REST, as the seed's API writes it: `{"error":{…},"status_code":…}`. */
export function restErrorBody({ status, code, message, hint, headers }: HttpRefusal) {
  const retryAfter = headers['retry-after']
  const told = retryAfter === undefined ? {} : { retry_after: Number(retryAfter) }
  return { error: { status: code, message, hint, ...told }, status_code: status }
}

/** The body of an error on the MCP endpoint, before any message was read: JSON-RPC without an id. */
export function rpcErrorBody({ message, hint }: HttpRefusal) {
  return { jsonrpc: '2.0', id: null, error: { code: -32_000, message: `${message} ${hint}` } }
}
