/** What each status of the 1688.com API on Parse means to a caller, and whether asking again can help. */
import { AppError } from '../../errors.ts'
import { CallError } from '../../limits/gate/call-report.ts'
import { parseRetryAfter } from '../../limits/gate/retry-after.ts'
import type { HttpAnswer } from '../http.ts'
import { asObject } from '../json-readers.ts'
import { type Meaning, OFFER_GONE, rateLimited, UPDATE_HINT } from '../meanings.ts'

/** From the statuses in the API's error documentation, which lacks 402: that is read as HTTP defines it. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  400: { code: 'upstream_rejected', message: 'Parse reported a malformed request (400).', hint: UPDATE_HINT },
  401: {
    code: 'key_rejected',
    message: 'Parse rejected the API key (401): it is invalid, revoked or expired.',
    hint: 'Set MCP1688_PARSE_API_KEY to a valid key, or MCP1688_UPSTREAM=sample to try sample offers.',
  },
  402: {
    code: 'credits_exhausted',
    message: 'The credits of this Parse API key are used up (402).',
    hint: "Wait for next month's credits or take a larger plan. Offers in the catalogue can still be searched.",
  },
  403: {
    code: 'not_granted',
    message: 'This Parse API key is not allowed to make this call (403).',
    hint: "Check in your Parse account what the key's plan includes.",
  },
  404: {
    code: 'upstream_rejected',
    message: 'Parse does not have this scraper or version (404).',
    hint: "Check MCP1688_PARSE_BASE_URL: it must end in the scraper's ID.",
  },
  429: rateLimited('Parse', '429'),
  500: {
    code: 'upstream_unavailable',
    message: "Parse's scraper failed (500).",
    hint: 'Try again later. If it keeps failing, Parse cannot read this offer or page.',
    retryable: true,
  },
  502: {
    code: 'upstream_unavailable',
    message: 'Parse could not read 1688.com (502).',
    hint: 'Repeating the call right away seldom helps. Try another offer, or this one in an hour.',
  },
  503: {
    code: 'upstream_unavailable',
    message: '1688.com blocked Parse (503).',
    hint: 'Try again in a few minutes. Cached details and the catalogue still work.',
    retryable: true,
  },
}

/** Nothing of the body is repeated: it can hold foreign HTML. */
export function failureOf({ report, header, body }: HttpAnswer, endpoint: string): CallError {
  const { status } = report
  const meaning = status === 422 ? rejectedInput(endpoint) : (MEANINGS[status] ?? unexpectedStatus(status))
  // The body's own field: `error.retry_after` in seconds.
  const retryAfter = header('retry-after') ?? asObject(asObject(body)?.error)?.retry_after
  const retryAfterMs = parseRetryAfter(retryAfter, Date.now())
  return new CallError({ ...meaning, retryAfterMs }, { ...report, retryAfterMs })
}

export function keyMissing(): AppError {
  return new AppError({
    code: 'key_missing',
    message: 'No Parse API key is configured.',
    hint: 'Set MCP1688_PARSE_API_KEY, or MCP1688_UPSTREAM=sample to try mcp-1688 without a key.',
  })
}

function rejectedInput(endpoint: string): Meaning {
  if (endpoint === 'get_product_details') return OFFER_GONE
  return { code: 'upstream_rejected', message: 'Parse rejected the search input (422).', hint: UPDATE_HINT }
}

function unexpectedStatus(status: number): Meaning {
  return {
    code: 'upstream_unavailable',
    message: `Parse returned an unexpected status (${status}).`,
    hint: 'Check MCP1688_PARSE_BASE_URL; if it is correct, try again later.',
    retryable: status >= 500,
  }
}
