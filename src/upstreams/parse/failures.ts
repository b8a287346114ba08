/** What each status of the 1688.com API on Parse means to a caller, and whether asking again can help. */
import { AppError } from '../../errors.ts'
import { CallError } from '../../limits/gate/call-report.ts'
import { parseRetryAfter } from '../../limits/gate/retry-after.ts'
import type { HttpAnswer } from '../http.ts'
import { asInteger, asObject } from '../json-readers.ts'
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

/** The statuses that a body names in words. */
const STATUS_OF_WORD: Readonly<Record<string, number>> = {
  stale_input: 422,
  upstream_error: 502,
  blocked: 503,
}

/** What the message of a body says, where it names no status: the first that matches. */
const STATUS_OF_MESSAGE: readonly (readonly [RegExp, number])[] = [
  [/block|protect|captcha|prox(?:y|ies)|forbidden/i, 503],
  [/rate.?limit|too many|throttl|daily limit/i, 429],
  [/credit|quota|payment/i, 402],
  [/api.?key|unauthori[sz]ed/i, 401],
  [/(?:offer|product|item|listing)\b.{0,40}(?:not found|no longer|not exist)/i, 422],
]

const SCRAPER_FAILED = 500

/**
 * `null` for a success; a body can report a failure with HTTP 200 too. Nothing of the body is repeated: it can hold
 * foreign HTML.
 */
export function failureOf({ report, header, body }: HttpAnswer, endpoint: string): CallError | null {
  const status = report.status === 200 ? statusInBody(body) : report.status
  if (status === null) return null
  const meaning = status === 422 ? rejectedInput(endpoint) : (MEANINGS[status] ?? unexpectedStatus(status))
  // The body's own field: `error.retry_after` in seconds.
  const retryAfter = header('retry-after') ?? asObject(asObject(body)?.error)?.retry_after
  const retryAfterMs = parseRetryAfter(retryAfter, Date.now())
  return new CallError({ ...meaning, retryAfterMs }, { ...report, status, retryAfterMs })
}

/** The status that a body with HTTP 200 stands for; `null` for a success. */
function statusInBody(body: unknown): number | null {
  const { status, success, error, status_code: code, data, message } = asObject(body) ?? {}
  const hasFailed = typeof status === 'string' && /^(?:error|fail|blocked|stale_input|upstream_error)/i.test(status)
  const hasError = error !== undefined && error !== null && (data === undefined || data === null)
  const isRefused = success === false && (data === undefined || data === null)
  if (!hasFailed && !hasError && !isRefused) return null
  const inner = asObject(error)
  const named = asInteger(code, 400, 599)
  if (named !== null) return named
  for (const word of [inner?.status, status]) {
    const known = typeof word === 'string' ? STATUS_OF_WORD[word.toLowerCase()] : undefined
    if (known !== undefined) return known
  }
  const text = [error, inner?.message, message].filter(part => typeof part === 'string').join(' ')
  return STATUS_OF_MESSAGE.find(([pattern]) => pattern.test(text))?.[1] ?? SCRAPER_FAILED
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
