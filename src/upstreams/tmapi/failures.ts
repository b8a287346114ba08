/** What each code of TMAPI means to a caller. */
import { AppError, type AppErrorParts } from '../../errors.ts'
import { CallError } from '../../limits/gate/call-report.ts'
import { parseRetryAfter } from '../../limits/gate/retry-after.ts'
import type { HttpAnswer } from '../http.ts'
import { asInteger, asObject } from '../json-readers.ts'

/** The words for a code; `retryable` says whether the same call can succeed later. */
type Meaning = Pick<AppErrorParts, 'code' | 'message' | 'hint' | 'retryable'>

/** What a call is for, as far as a failure means something else. */
export type CallPurpose = 'search' | 'details'

const PLAN_HINT = 'Check the token and its balance at TMAPI and set MCP1688_TMAPI_TOKEN to one that is valid.'
const LATER_HINT = 'Try again later; cached details and the catalogue still answer.'

const REFUSED_TOKEN: Meaning = {
  code: 'key_rejected',
  message: 'TMAPI refused the token: it is missing there or wrong.',
  hint: PLAN_HINT,
}

const OFFER_GONE: Meaning = {
  code: 'not_found',
  message: 'There is no such offer on 1688.com, or it was taken down.',
  hint: 'Check the offer_id, or search_by_image for offers that are still listed.',
}

/** From the table of codes in its documentation; 401, 403, 404 and 429 are not in it and are read as HTTP means them. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  401: REFUSED_TOKEN,
  403: REFUSED_TOKEN,
  417: {
    code: 'picture_unreachable',
    message: 'TMAPI could not fetch the picture (417).',
    hint: 'Check that anybody can open its URL, or pass the URL of another copy.',
  },
  422: {
    code: 'upstream_rejected',
    message: 'TMAPI did not accept the parameters (422).',
    hint: 'Pass another picture or other words; if all are refused, mcp-1688 needs an update.',
  },
  429: {
    code: 'rate_limited',
    message: 'TMAPI refused the call for its rate (429).',
    hint: 'Call again after retry_after_s seconds; cached details and the catalogue still answer.',
    retryable: true,
  },
  439: {
    code: 'key_rejected',
    message: 'The token has expired at TMAPI, or its balance is used up (439).',
    hint: PLAN_HINT,
  },
  499: {
    code: 'upstream_unavailable',
    message: 'TMAPI did not get through to 1688.com (499).',
    hint: LATER_HINT,
    retryable: true,
  },
  500: { code: 'upstream_unavailable', message: 'TMAPI failed inside (500).', hint: LATER_HINT, retryable: true },
  503: {
    code: 'rate_limited',
    message: 'TMAPI says that too many calls are under way at once (503).',
    hint: 'Call again in some seconds, one at a time.',
    retryable: true,
  },
}

/** The failure that an answer tells, or `null` for a success. The code in the body counts, then HTTP's. Nothing of the body is repeated. */
export function failureOf({ report, header, body }: HttpAnswer, purpose: CallPurpose): CallError | null {
  const code = asInteger(asObject(body)?.code, 100, 999)
  const status = code === null || code === 200 ? report.status : code
  if (status === 200) return null
  const retryAfterMs = status === 429 ? parseRetryAfter(header('retry-after'), Date.now()) : undefined
  return new CallError({ ...meaningOf(status, purpose), retryAfterMs }, { ...report, status, retryAfterMs })
}

/** The error of a call without a token. */
export function tokenMissing(): AppError {
  return new AppError({
    code: 'key_missing',
    message: 'No token for TMAPI is set.',
    hint: 'Set MCP1688_TMAPI_TOKEN, or MCP1688_UPSTREAM=sample to try without one.',
  })
}

/** The error of a picture that only this machine has. */
export function publicUrlNeeded(): CallError {
  return new CallError(
    {
      code: 'picture_refused',
      message: 'TMAPI matches only pictures with a public URL, and this one has none.',
      hint: 'Pass the http(s) URL of the picture instead of a file or data: URL.',
    },
    { kind: 'not_sent' },
  )
}

function meaningOf(status: number, purpose: CallPurpose): Meaning {
  // The id is the only parameter of a details call, and a well-formed one.
  if (purpose === 'details' && (status === 404 || status === 422)) return OFFER_GONE
  return MEANINGS[status] ?? unknownStatus(status)
}

function unknownStatus(status: number): Meaning {
  return {
    code: status >= 500 ? 'upstream_unavailable' : 'upstream_rejected',
    message: `TMAPI answered with an unexpected code (${status}).`,
    hint: 'Check MCP1688_TMAPI_BASE_URL; if it is right, try again later.',
    retryable: status >= 500,
  }
}
