/** What each code of TMAPI means to a caller, and whether asking again can help. */
import { AppError } from '../../errors.ts'
import { CallError } from '../../limits/gate/call-report.ts'
import { parseRetryAfter } from '../../limits/gate/retry-after.ts'
import type { HttpAnswer } from '../http.ts'
import { asInteger, asObject, type JsonObject } from '../json-readers.ts'
import { internalError, LATER_HINT, type Meaning, OFFER_GONE, rateLimited } from '../meanings.ts'

/** What a call is for: the same code means something else for each. */
export type CallPurpose = 'convert' | 'image' | 'keyword' | 'details' | 'shop' | 'extra'

const TOKEN_HINT = 'Check the token and its balance at TMAPI and set MCP1688_TMAPI_TOKEN to a valid one.'

const PICTURE_UNREACHABLE: Meaning = {
  code: 'picture_unreachable',
  message: 'TMAPI could not fetch the picture (417).',
  hint: 'Check that its URL is public, or pass the URL of another copy.',
}

/** From the codes in its documentation, which lacks 401, 402, 403 and 429: those are read as HTTP defines them. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  401: tokenRejected('401'),
  402: noCredits('402'),
  403: tokenRejected('403'),
  417: unavailable('TMAPI could not retrieve the data from 1688.com (417).'),
  422: {
    code: 'upstream_rejected',
    message: 'TMAPI rejected the parameters (422).',
    hint: 'Pass another picture, other words or fewer filters.',
  },
  429: rateLimited('TMAPI', '429'),
  439: {
    code: 'key_rejected',
    message: 'The TMAPI token has expired or its balance is used up (439).',
    hint: TOKEN_HINT,
  },
  499: unavailable('TMAPI could not reach 1688.com (499).'),
  500: internalError('TMAPI', 500),
  503: {
    code: 'rate_limited',
    message: 'TMAPI reported too many calls at the same time (503).',
    hint: 'Try again in a few seconds, one call at a time.',
    retryable: true,
  },
}

const ABOUT_TOKEN = /token|api.?key|unauthori[sz]ed|authenticat|credential|forbidden|permission|consume this service/i

const ABOUT_ROUTE = /route|endpoint|\bapi\b/i

/** A code that is not listed goes by the words beside it: the first family that matches. */
const FAMILIES: ReadonlyArray<readonly [words: RegExp, meaning: (code: string) => Meaning]> = [
  [/rate.?limit|too many|too frequent|frequency|concurren|throttl|频繁|限流/i, code => rateLimited('TMAPI', code)],
  [/balance|insufficient|quota|\bcredits?\b|recharge|payment|余额|欠费/i, noCredits],
  [ABOUT_TOKEN, tokenRejected],
]

const ROUTE_MISSING: Meaning = {
  code: 'upstream_rejected',
  message: 'The server behind MCP1688_TMAPI_BASE_URL has no such API (404).',
  hint: 'Check MCP1688_TMAPI_BASE_URL.',
}

const SHOP_GONE: Meaning = {
  code: 'not_found',
  message: 'TMAPI knows no such shop.',
  hint: 'Pass the offer_id of one of its offers, or the shop ID of a details reply.',
}

/** An endpoint that an account does not offer is missing for everybody who uses it. */
const SHOPS_NOT_OFFERED: Meaning = {
  code: 'not_granted',
  message: 'TMAPI does not offer its shop APIs (shop/shop_info, shop/items) to this account.',
  hint: 'Ask TMAPI for them; searches and details still work.',
}

const EXTRA_NOT_OFFERED: Meaning = {
  code: 'not_granted',
  message: 'TMAPI does not offer this to this account, or not for this offer.',
  hint: 'The rest of the answer is complete.',
}

/** @property isTransient the call is worth repeating once, at once. */
type Verdict = Meaning & { isTransient?: boolean }

/**
 * `null` for a success. The code in the body takes precedence over the HTTP status. Nothing of the body but a code is
 * repeated.
 */
export function failureOf({ report, header, body }: HttpAnswer, purpose: CallPurpose): CallError | null {
  const reply = asObject(body)
  const code = codeIn(reply)
  const status = code === null || code === 0 || isOk(code) ? report.status : code
  const verdict = isOk(status) ? judgeEmptyReply(reply, purpose) : judgeStatus(status, reply, purpose)
  if (verdict === null) return null
  const { isTransient = false, ...meaning } = verdict
  const retryAfterMs = status === 429 ? parseRetryAfter(header('retry-after'), Date.now()) : undefined
  return new CallError({ ...meaning, retryAfterMs }, { ...report, status, retryAfterMs, isTransient })
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

function codeIn(reply: JsonObject | null): number | null {
  return asInteger(reply?.code, -1e9)
}

function isOk(status: number): boolean {
  return status >= 200 && status < 300
}

function judgeStatus(status: number, reply: JsonObject | null, purpose: CallPurpose): Verdict {
  // A gateway, such as the one before TMAPI, and a foreign server answer without TMAPI's code.
  const isTmapis = codeIn(reply) !== null
  const words = wordsOf(reply)
  // One of them may have been withdrawn: older pages document more than newer ones.
  if ((status === 404 || status === 417) && purpose === 'extra') return EXTRA_NOT_OFFERED
  if (status === 404 && purpose === 'shop') return isTmapis && !ABOUT_ROUTE.test(words) ? SHOP_GONE : SHOPS_NOT_OFFERED
  if (status === 404) return purpose === 'details' && isTmapis && !ABOUT_ROUTE.test(words) ? OFFER_GONE : ROUTE_MISSING
  if (status === 417) return judge417(purpose)
  if (status === 422 && ABOUT_TOKEN.test(words)) return tokenRejected('422')
  if (status === 422 && isTmapis && purpose === 'shop') return SHOP_GONE
  // The ID is the only other parameter of a details call, and it is well-formed.
  if (status === 422 && isTmapis && purpose === 'details') return OFFER_GONE
  if (status === 503 && !isTmapis) return unavailable('TMAPI is temporarily unavailable (503).')
  return MEANINGS[status] ?? judgeUnlisted(String(status), status, words, purpose)
}

/** What it documents as "failed to retrieve data" is the picture's fault only where there is a picture. */
function judge417(purpose: CallPurpose): Verdict {
  if (purpose === 'image') return PICTURE_UNREACHABLE
  const meaning = purpose === 'convert' ? PICTURE_UNREACHABLE : MEANINGS[417]
  return { ...(meaning ?? PICTURE_UNREACHABLE), isTransient: true }
}

/** `null` if the reply has data, or may lack it, or is not TMAPI's at all, which its reader reports. */
function judgeEmptyReply(reply: JsonObject | null, purpose: CallPurpose): Verdict | null {
  if (reply === null) return null
  if ((reply.data ?? null) !== null) {
    const isConverted = purpose !== 'convert' || (asObject(reply.data)?.image_url ?? '') !== ''
    return isConverted ? null : judge417('convert')
  }
  const words = wordsOf(reply)
  if (words !== '') return judgeUnlisted(textCodeOf(reply), 500, words, purpose)
  if (codeIn(reply) === null) return null
  if (purpose === 'convert') return judge417('convert')
  return purpose === 'details' ? { ...unavailable('TMAPI sent no data for this offer.'), isTransient: true } : null
}

/** @param code `null` if there is none. */
function judgeUnlisted(code: string | null, status: number, words: string, purpose: CallPurpose): Verdict {
  const family = FAMILIES.find(([pattern]) => pattern.test(words))
  if (family) return family[1](code ?? 'no code')
  const message = `TMAPI reported an error ${code === null ? 'without a code' : `that it does not document (${code})`}.`
  const isTransient = purpose === 'convert'
  if (status === 408 || (status >= 500 && status < 600)) return { ...unavailable(message), isTransient }
  return {
    code: 'upstream_rejected',
    message,
    hint: 'Check MCP1688_TMAPI_BASE_URL; if it is correct, try again later or look the code up at TMAPI.',
    isTransient,
  }
}

/** What a reply says of a failure; empty for one that says nothing but success. Never shown. */
function wordsOf(reply: JsonObject | null): string {
  const { code, msg, message, error, detail } = reply ?? {}
  const said = [textCodeOf({ code }), msg, message, error, asObject(error)?.message, detail]
  return said
    .map(part => (typeof part === 'object' ? JSON.stringify(part) : String(part)))
    .filter(part => !/^\s*(success|succeeded|ok|成功|null|undefined|true|\d*)\s*$/i.test(part))
    .join(' ')
    .slice(0, 500)
}

/** A name such as `InvalidToken`. */
function textCodeOf({ code }: JsonObject): string | null {
  return typeof code === 'string' && /^[a-z][\w.]{2,39}$/i.test(code) && !/^success$/i.test(code) ? code : null
}

function unavailable(message: string): Meaning {
  return { code: 'upstream_unavailable', message, hint: LATER_HINT, retryable: true }
}

function noCredits(code: string): Meaning {
  return { code: 'credits_exhausted', message: `The balance at TMAPI is used up (${code}).`, hint: TOKEN_HINT }
}

function tokenRejected(code: string): Meaning {
  const message = `TMAPI rejected the token: it is invalid or was revoked (${code}).`
  return { code: 'key_rejected', message, hint: TOKEN_HINT }
}
