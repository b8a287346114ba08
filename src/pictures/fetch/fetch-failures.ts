/** Failures of fetching a picture, in words. */
import type { AppError } from '../../errors.ts'
import { faultOf } from '../../net/faults.ts'
import { ANOTHER_PICTURE, tooLarge, unreachable, unreadable } from '../failures.ts'

const SAVE_IT = 'Save the picture in a browser and pass the file, or the picture itself as a base64 data: URL.'

export function badStatus(status: number): AppError {
  if (status === 403) return unreachable("The picture's server refuses programs (status 403).", SAVE_IT)
  const message = `The picture's server returned status ${status} instead of a picture.`
  const retryable = status === 429 || status >= 500
  return unreachable(message, `${retryable ? 'Try again later' : 'Check the URL'}, or pass ${ANOTHER_PICTURE}.`, {
    retryable,
  })
}

export function unknownEncoding(): AppError {
  return unreachable("The picture's server packed the picture in a way that is not supported.", SAVE_IT)
}

export function notAPicture(): AppError {
  return unreadable('This is a web page, not a picture.', 'Open the picture itself and pass its URL.')
}

/** @param url of the page, after redirects. */
export function pageWithoutPicture(url: URL): AppError {
  const needsLogin = LOGIN.test(url.hostname + url.pathname)
  const message = needsLogin
    ? `The link leads to a login page of ${url.hostname}.`
    : `The page on ${url.hostname} names no main picture; it may need a login or run only in a browser.`
  return unreadable(
    message,
    'Open the page, copy the address of its picture and pass that, or save the picture and pass the file.',
  )
}

const LOGIN =
  /^(?:accounts?|login|signin|passport|auth|sso)\.|\/(?:[\w-]*login|sign-?in|passport|servicelogin)(?:[/.]|$)/i

export function tooSlow(timeoutMs: number, cause: unknown): AppError {
  const message = `The picture did not arrive within ${timeoutMs / 1000} seconds.`
  return unreachable(message, `Try again later, or pass ${ANOTHER_PICTURE}.`, { retryable: true, cause })
}

/** @param cause what Node, undici or zlib threw. */
export function connectionFailed(cause: unknown, maxBytes: number): AppError {
  const { kind, wasConnected, code } = faultOf(cause)
  if (kind === 'too_large') return tooLarge(maxBytes)
  if (kind === 'unknown_host') {
    return unreachable("The host of the picture's URL does not exist.", 'Check the URL.', { cause })
  }
  if (kind === 'untrusted_certificate') {
    const message = `The TLS certificate of the picture's server is not trusted (${code}).`
    return unreachable(message, `Pass ${ANOTHER_PICTURE}.`, { cause })
  }
  if (kind === 'proxy_unreachable' || kind === 'proxy_refused') {
    const what = kind === 'proxy_refused' ? `did not connect to the picture's server (${code})` : 'could not be reached'
    const hint = `Check the proxy, or pass ${ANOTHER_PICTURE}.`
    return unreachable(`The proxy in HTTPS_PROXY or HTTP_PROXY ${what}.`, hint, { cause })
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW')
    return unreachable("The picture's server sends more headers than the limit of 64 kB.", SAVE_IT, { cause })
  if (/^(?:Z_|ERR__ERROR_FORMAT|ERR_BROTLI|ERR_PADDING)/.test(code))
    return unreachable("The picture's server sent a body that cannot be unpacked.", SAVE_IT, { cause })
  const message = wasConnected
    ? "The picture's server closed the connection before the picture was complete."
    : "The picture's server could not be reached."
  return unreachable(message, `Try again later, or pass ${ANOTHER_PICTURE}.`, { retryable: true, cause })
}
