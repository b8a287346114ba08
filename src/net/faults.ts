/** Classifies what Node and undici throw when a connection fails. */
import type { buildConnector } from 'undici'
import { AppError } from '../errors.ts'

export type FaultKind =
  | 'unknown_host'
  | 'unreachable'
  | 'proxy_unreachable'
  /** The proxy answered without connecting; `code` is its status. */
  | 'proxy_refused'
  /** The server answers, but not with a TLS version we support. */
  | 'no_tls'
  | 'untrusted_certificate'
  | 'timed_out'
  | 'too_large'
  | 'broken_off'

export interface Fault {
  kind: FaultKind
  /** Whether the connection was up, so that the request may have arrived. */
  wasConnected: boolean
  /** Of Node, OpenSSL or undici, or a proxy's status; '' if there is none. */
  code: string
}

/**
 * A connection that was never established. Error codes alone cannot show this: a reset has the same code during the
 * handshake, when nothing was sent, and after the request.
 */
export class NotConnectedError extends Error {
  readonly to: 'server' | 'proxy'

  constructor(cause: Error, to: 'server' | 'proxy' = 'server') {
    super('The connection could not be made.', { cause })
    this.name = 'NotConnectedError'
    this.to = to
  }
}

/**
 * Turns failures of `connect` into {@link NotConnectedError}; an AppError, by which we forbid a connection, stays as it
 * is.
 */
export function markNotConnected(
  connect: buildConnector.connector,
  to: 'server' | 'proxy' = 'server',
): buildConnector.connector {
  return (options, callback) =>
    connect(options, (error, socket) => {
      if (error === null) callback(null, socket)
      else callback(error instanceof AppError ? error : new NotConnectedError(error, to), null)
    })
}

export function faultOf(error: unknown): Fault {
  const wasConnected = !(error instanceof NotConnectedError)
  const code = codeOf(error)
  if (wasConnected) return { kind: kindOnTheWire(code), wasConnected, code }
  const { cause } = error
  if (cause instanceof NotConnectedError && cause.to === 'proxy')
    return { kind: 'proxy_unreachable', wasConnected, code }
  const [, status] = PROXY_STATUS.exec(cause instanceof Error ? cause.message : '') ?? []
  if (status !== undefined) return { kind: 'proxy_refused', wasConnected, code: status }
  return { kind: kindOfConnecting(code), wasConnected, code }
}

/** undici has no code for a proxy that answers CONNECT with a status other than 200. */
const PROXY_STATUS = /^Proxy response \((\d{3})\)/

function kindOnTheWire(code: string): FaultKind {
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return 'too_large'
  return code.includes('TIMEOUT') ? 'timed_out' : 'broken_off'
}

function kindOfConnecting(code: string): FaultKind {
  if (code === 'ENOTFOUND') return 'unknown_host'
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return 'no_tls'
  return UNTRUSTED.test(code) ? 'untrusted_certificate' : 'unreachable'
}

/** OpenSSL's codes for faults in a certificate chain, and Node's for a wrong host. */
const UNTRUSTED = /CERT|^CRL_|^UNABLE_TO_|^ERROR_IN_C|_CA$|^INVALID_PURPOSE$|^PATH_LENGTH_EXCEEDED$|^HOSTNAME_MISMATCH$/

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  return 'cause' in error ? codeOf(error.cause) : ''
}
