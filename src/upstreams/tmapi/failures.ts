/** What each code of TMAPI means to a caller, and whether asking again can help. */
import { AppError } from '../../errors.ts'
import { CallError } from '../../limits/gate/call-report.ts'
import { parseRetryAfter } from '../../limits/gate/retry-after.ts'
import type { HttpAnswer } from '../http.ts'
import { asInteger, asObject } from '../json-readers.ts'
import { internalError, LATER_HINT, type Meaning, OFFER_GONE, rateLimited } from '../meanings.ts'

/** What a call is for, as far as a failure means something else. */
export type CallPurpose = 'search' | 'details'

const TOKEN_HINT = 'Check the token and its balance at TMAPI and set MCP1688_TMAPI_TOKEN to a valid one.'

const TOKEN_REJECTED: Meaning = {
  code: 'key_rejected',
  message: 'TMAPI rejected the token: it is invalid or was revoked.',
  hint: TOKEN_HINT,
}

/** From the codes in its documentation, which lacks 401, 403, 404 and 429: those are read as HTTP defines them. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  401: TOKEN_REJECTED,
  403: TOKEN_REJECTED,
  417: {
    code: 'picture_unreachable',
    message: 'TMAPI could not fetch the picture (417).',
    hint: 'Check that its URL is public, or pass the URL of another copy.',
  },
  422: {
    code: 'upstream_rejected',
    message: 'TMAPI rejected the parameters (422).',
    hint: 'Pass another picture or other words. If those are rejected too, mcp-1688 needs an update.',
  },
  429: rateLimited('TMAPI', '429'),
  439: {
    code: 'key_rejected',
    message: 'The TMAPI token has expired or its balance is used up (439).',
    hint: TOKEN_HINT,
  },
  499: {
    code: 'upstream_unavailable',
    message: 'TMAPI could not reach 1688.com (499).',
    hint: LATER_HINT,
    retryable: true,
  },
  500: internalError('TMAPI', 500),
  503: {
    code: 'rate_limited',
    message: 'TMAPI reported too many calls at the same time (503).',
    hint: 'Try again in a few seconds, one call at a time.',
    retryable: true,
  },
}

/**
 * `null` for a success. The code in the body takes precedence over the HTTP status. Nothing of the body is repeated.
 */
export function failureOf({ report, header, body }: HttpAnswer, purpose: CallPurpose): CallError | null {
  const code = asInteger(asObject(body)?.code, 100, 999)
  const status = code === null || code === 200 ? report.status : code
  if (status === 200) return null
  const retryAfterMs = status === 429 ? parseRetryAfter(header('retry-after'), Date.now()) : undefined
  return new CallError({ ...meaningOf(status, purpose), retryAfterMs }, { ...report, status, retryAfterMs })
}

export function tokenMissing(): AppError {
  return new AppError({
    code: 'key_missing',
    message: 'No TMAPI token is configured.',
    hint: 'Set MCP1688_TMAPI_TOKEN, or MCP1688_UPSTREAM=sample to try mcp-1688 without a token.',
  })
}

export function publicUrlNeeded(): CallError {
  return new CallError(
    {
      code: 'picture_refused',
      message: 'TMAPI only accepts pictures with a public URL, and this one has none.',
      hint: "Pass the picture's http(s) URL instead of a file or data: URL.",
    },
    { kind: 'not_sent' },
  )
}

function meaningOf(status: number, purpose: CallPurpose): Meaning {
  // The ID is the only parameter of a details call, and it is well-formed.
  if (purpose === 'details' && (status === 404 || status === 422)) return OFFER_GONE
  return MEANINGS[status] ?? unexpectedCode(status)
}

function unexpectedCode(status: number): Meaning {
  return {
    code: status >= 500 ? 'upstream_unavailable' : 'upstream_rejected',
    message: `TMAPI returned an unexpected code (${status}).`,
    hint: 'Check MCP1688_TMAPI_BASE_URL; if it is correct, try again later.',
    retryable: status >= 500,
  }
}
