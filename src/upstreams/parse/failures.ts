/** What each status of the 1688.com API on Parse means to a caller, and whether asking again can help. */
import { AppError, type AppErrorParts } from '../../errors.ts'
import { CallError } from '../../limits/gate/call-report.ts'
import { parseRetryAfter } from '../../limits/gate/retry-after.ts'
import type { HttpAnswer } from '../http.ts'
import { asObject } from '../json-readers.ts'

/** The words for a status; `retryable` says whether the same call can succeed later. */
type Meaning = Pick<AppErrorParts, 'code' | 'message' | 'hint' | 'retryable'>

/** From the table of statuses in the API's own error documentation; 402 is not documented there and is read as its name says. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  400: {
    code: 'upstream_rejected',
    message: 'Parse says that the request was malformed (400).',
    hint: 'Update mcp-1688: the API may have changed; the same call will not work again.',
  },
  401: {
    code: 'key_rejected',
    message: 'Parse refused the API key (401): it is missing there, wrong or expired.',
    hint: 'Set MCP1688_PARSE_API_KEY to a valid key; sample offers answer with MCP1688_UPSTREAM=sample.',
  },
  402: {
    code: 'credits_exhausted',
    message: 'Parse says that the credits of this key are used up (402).',
    hint: 'Wait for the next month or take a larger plan; what the catalogue already knows can still be searched.',
  },
  403: {
    code: 'not_granted',
    message: 'Parse does not grant this call to the API key (403).',
    hint: 'Check on its pages what the plan of the key allows.',
  },
  404: {
    code: 'upstream_rejected',
    message: 'Parse knows no such scraper or version (404).',
    hint: 'Check MCP1688_PARSE_BASE_URL: it ends in the id of the scraper.',
  },
  429: {
    code: 'rate_limited',
    message: 'Parse refused the call for its rate (429).',
    hint: 'Call again after retry_after_s seconds; cached details and the catalogue still answer.',
    retryable: true,
  },
  500: {
    code: 'upstream_unavailable',
    message: 'The scraper at Parse failed (500).',
    hint: 'Try again later; if it stays, this offer or page cannot be read there.',
    retryable: true,
  },
  502: {
    code: 'upstream_unavailable',
    message: 'Parse could not read 1688.com (502).',
    hint: 'The same call seldom works soon; try another offer, or this one in an hour.',
  },
  503: {
    code: 'upstream_unavailable',
    message: 'Parse was blocked by 1688.com (503).',
    hint: 'Try again in some minutes; cached details and the catalogue still answer.',
    retryable: true,
  },
}

/** The error for an answer that is no success. Nothing of its body is repeated: it can hold foreign HTML. */
export function failureOf({ report, header, body }: HttpAnswer, endpoint: string): CallError {
  const { status } = report
  const meaning = status === 422 ? staleInput(endpoint) : (MEANINGS[status] ?? unknownStatus(status))
  // The body's own field: `error.retry_after` in seconds.
  const told = header('retry-after') ?? asObject(asObject(body)?.error)?.retry_after
  const retryAfterMs = parseRetryAfter(told, Date.now())
  return new CallError({ ...meaning, retryAfterMs }, { ...report, retryAfterMs })
}

/** The error of a call without a key. */
export function keyMissing(): AppError {
  return new AppError({
    code: 'key_missing',
    message: 'No API key for Parse is set.',
    hint: 'Set MCP1688_PARSE_API_KEY, or MCP1688_UPSTREAM=sample to try without one.',
  })
}

function staleInput(endpoint: string): Meaning {
  if (endpoint !== 'get_product_details') {
    return {
      code: 'upstream_rejected',
      message: 'Parse did not accept the input of the search (422).',
      hint: 'Update mcp-1688: the API may have changed; the same call will not work again.',
    }
  }
  return {
    code: 'not_found',
    message: 'There is no such offer on 1688.com, or it was taken down.',
    hint: 'Check the offer_id, or search_by_image for offers that are still listed.',
  }
}

function unknownStatus(status: number): Meaning {
  return {
    code: 'upstream_unavailable',
    message: `Parse answered with an unexpected status (${status}).`,
    hint: 'Check MCP1688_PARSE_BASE_URL; if it is right, try again later.',
    retryable: status >= 500,
  }
}
