import { type AppError, ERROR_CODES, type ErrorCode } from '../../errors.ts'

export interface HttpErrorParts {
  /** 400 to 599. */
  status: number
  /** For programs. */
  code: string
  /** What happened, in one sentence that repeats nothing from the request. */
  message: string
  /** What to do, in one sentence. */
  hint: string
  headers?: Readonly<Record<string, string>>
}

/** A hint: hosts are given the address without the path, or try the path of the older protocol, /sse. */
export const WHERE = 'MCP (Streamable HTTP) is at POST /mcp, and GET /docs lists the other endpoints.'

/** Thrown to answer a request with an error. */
export class HttpError extends Error {
  readonly status: number
  readonly code: string
  readonly hint: string
  readonly headers: Readonly<Record<string, string>>

  constructor(parts: HttpErrorParts) {
    super(parts.message)
    this.name = 'HttpError'
    this.status = parts.status
    this.code = parts.code
    this.hint = parts.hint
    this.headers = parts.headers ?? {}
  }
}

/**
 * Exceptions for REST. To callers 401 and 403 mean their own key, so a problem with this server's key at the upstream
 * is a bad gateway. The API on Parse answers 422 for an offer that does not exist.
 */
const REST_STATUS: Partial<Record<ErrorCode, number>> = {
  not_found: 422,
  key_missing: 502,
  key_rejected: 502,
  not_granted: 502,
}

/** The caller asks too often or for too much at once. */
export function tooManyRequests(message: string, hint: string, waitMs: number): HttpError {
  return new HttpError({ status: 429, code: 'rate_limited', message, hint, headers: retryAfter(waitMs) })
}

function retryAfter(waitMs: number): Readonly<Record<string, string>> {
  return { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) }
}

/** @param costs headers that state what the failed call cost. */
export function toHttpError(error: AppError, costs: Readonly<Record<string, string>> = {}): HttpError {
  const { code, message, hint, retryAfterMs } = error
  const headers = { ...costs, ...(retryAfterMs === undefined ? {} : retryAfter(retryAfterMs)) }
  return new HttpError({ status: REST_STATUS[code] ?? ERROR_CODES[code].httpStatus, code, message, hint, headers })
}

/** The body of a REST error, in the format of the API on Parse. */
export function restErrorBody({ status, code, message, hint, headers }: HttpError) {
  const waitS = headers['retry-after']
  const wait = waitS === undefined ? {} : { retry_after: Number(waitS) }
  return { error: { status: code, message, hint, ...wait }, status_code: status }
}

/** A JSON-RPC error without an ID, because the request was rejected before its message was read. */
export function rpcErrorBody({ status, code, message, hint }: HttpError) {
  const isUnreadable = status === 400 && code === 'not_json'
  return { jsonrpc: '2.0', id: null, error: { code: isUnreadable ? -32_700 : -32_000, message: `${message} ${hint}` } }
}
