/**
 * What each failure of the 1688 Open Platform means to a caller, and the status under which it is settled and retried.
 */
import type { HttpAnswer } from '../http.ts'
import { asBoolean, asIdText, asObject, type JsonObject } from '../json-readers.ts'
import { internalError, type Meaning, OFFER_GONE, rateLimited, UPDATE_HINT } from '../meanings.ts'
import { type ApiName, consoleName } from './apis.ts'

export interface Failure extends Meaning {
  /** Follows the code in the body: the gateway answers HTTP 400 to nearly everything. */
  status: number
}

/** The status of an API that is not granted. */
export const NOT_GRANTED = 403

export const TOKEN_REJECTED = 401

const KEY_HINT =
  'Set MCP1688_OPEN1688_APP_KEY and MCP1688_OPEN1688_APP_SECRET to the values that open.1688.com shows for the application.'

/** The codes of the platform's documentation that mean more than their family. */
const GATEWAY_FAILURES: Readonly<Record<string, Failure>> = {
  'gw.SignatureInvalid': {
    status: 400,
    code: 'key_rejected',
    message: '1688 rejected the signature (gw.SignatureInvalid): the secret does not belong to the app key.',
    hint: KEY_HINT,
  },
  'gw.SignatureMissing': {
    status: 400,
    code: 'upstream_rejected',
    message: '1688 received no signature (gw.SignatureMissing).',
    hint: 'Check MCP1688_OPEN1688_BASE_URL, and that no proxy changes the body of requests.',
  },
  'gw.ParamMissing': {
    status: 400,
    code: 'upstream_rejected',
    message: '1688 reported a missing parameter (gw.ParamMissing).',
    hint: UPDATE_HINT,
  },
  'gw.APIUnsupported': {
    status: 404,
    code: 'upstream_rejected',
    message: '1688 does not have this API (gw.APIUnsupported).',
    hint: 'Check MCP1688_OPEN1688_BASE_URL; if it is correct, the API was withdrawn and mcp-1688 needs an update.',
  },
}

/** Any other code is read by what it contains; the documentation's list is not complete. */
const FAMILIES: readonly (readonly [RegExp, (code: string, api: ApiName | null) => Failure])[] = [
  [/qos|^429$/i, code => ({ status: 429, ...rateLimited('1688', code) })],
  [/NoUsageLeft/i, usedUp],
  [/acl|^403$/i, notGranted],
  [/token|authori[sz]|^401$/i, tokenRejected],
  [/appkey|signature/i, appRejected],
  [/^5\d\d$/, code => rejectedBy(Number(code))],
]

/** Short and without a number that could be a key: a code is repeated to the caller, nothing else of the body is. */
const CODE = /^(?!(?:\D*\d){7})[A-Za-z0-9][\w.]{1,48}$/

/** What HTTP alone says, where the body has no code. */
const CODES_BY_STATUS: Readonly<Record<number, string>> = { 401: '401', 429: '429' }

/** `null` for a success. */
export function failureOf({ report, body }: HttpAnswer, api: ApiName | null): Failure | null {
  const fields = asObject(body) ?? {}
  const code = textOf(fields.error_code) ?? (hasBareError(fields, report.status) ? '401' : null)
  if (code !== null) return gatewayFailure(code, report.status, api)
  const implied = CODES_BY_STATUS[report.status]
  if (implied !== undefined) return gatewayFailure(implied, report.status, api)
  if (report.status !== 200) return rejectedBy(report.status)
  // `success` is inside `result` or next to it (linkplus).
  const verdict = [asObject(fields.result), fields].find(level => level && asBoolean(level.success) === false)
  return verdict ? businessFailure(verdict, api) : null
}

/** `{"error": "Request need user authorized"}`, with HTTP 200: how some of the gateway refuses a token. */
function hasBareError({ error, result }: JsonObject, status: number): boolean {
  return status < 500 && result === undefined && typeof error === 'string' && error.trim() !== ''
}

function gatewayFailure(code: string, status: number, api: ApiName | null): Failure {
  const listed = GATEWAY_FAILURES[code]
  if (listed) return listed
  const name = CODE.test(code) ? code : 'unreadable code'
  const family = FAMILIES.find(([pattern]) => pattern.test(code))
  return family ? family[1](name, api) : unlisted(name, status)
}

/** For an upload that gets no ID or "0", which the platform calls a success. */
export const PICTURE_NOT_PROCESSED: Meaning = {
  code: 'picture_unreadable',
  message: '1688 accepted the upload but could not process the image.',
  hint: 'Pass another copy of it, saved as JPEG with the product filling most of the frame.',
}

function tokenRejected(code: string): Failure {
  return {
    status: TOKEN_REJECTED,
    code: 'key_rejected',
    message: `1688 rejected the access token (${code}): it is invalid or has expired.`,
    hint: 'Run mcp-1688 authorize open1688, or set a new MCP1688_OPEN1688_REFRESH_TOKEN or MCP1688_OPEN1688_ACCESS_TOKEN.',
  }
}

function appRejected(code: string): Failure {
  const message = /missing|notfound|unknown/i.test(code)
    ? `1688 does not recognise the app key (${code}).`
    : `1688 rejected the app key or its signature (${code}).`
  return { status: 400, code: 'key_rejected', message, hint: KEY_HINT }
}

/** Some APIs are sold in packages of calls, such as image search. */
function usedUp(code: string, api: ApiName | null): Failure {
  return {
    status: 402,
    code: 'credits_exhausted',
    message: `The package of this API${api === null ? '' : ` (${consoleName(api)})`} is used up (${code}).`,
    hint: 'Buy a new one in the console of open.1688.com. Offers in the catalogue can still be searched.',
  }
}

function notGranted(code: string, api: ApiName | null): Failure {
  const name = api === null ? 'currentTime' : consoleName(api)
  const otherWay =
    api === 'uploadPicture' || api === 'imageQuery'
      ? ', or pass the picture as a public URL, which another API may accept'
      : ''
  return {
    status: NOT_GRANTED,
    code: 'not_granted',
    message: `1688 has not granted this application the API ${name} (${code}).`,
    hint: `Apply for ${name} in the console of open.1688.com${otherWay}.`,
  }
}

function businessFailure(verdict: JsonObject, api: ApiName | null): Failure {
  const code = textOf(verdict.code) ?? ''
  const message = textOf(verdict.message) ?? ''
  if (code === 'SP0056' || /商品不存在|已下架/.test(message)) return { status: 200, ...OFFER_GONE }
  if (/查询权限/.test(message)) {
    return {
      status: 200,
      code: 'not_granted',
      message: '1688 does not allow this application to read this offer.',
      hint: 'Open the listing in a browser, or call search_by_image to find offers that it may read.',
      ofOneItem: true,
    }
  }
  if (/handle image error/i.test(message)) {
    return {
      status: 200,
      code: 'picture_unreachable',
      message: '1688 could not fetch the picture from its URL.',
      hint: 'Check that the URL is public and can be reached from China, or pass the picture itself as a data: URL.',
    }
  }
  if (code === 'SYSTEM_ERROR') return rejectedBy(500)
  // A code of the gateway can arrive inside the result.
  return /^gw\.|^[45]\d\d$/.test(code) ? gatewayFailure(code, 200, api) : unlisted(CODE.test(code) ? code : '', 200)
}

/** @param code empty if there is none. */
function unlisted(code: string, status: number): Failure {
  return {
    status: status === 200 ? 400 : status,
    code: 'upstream_rejected',
    message: `1688 rejected the call${code === '' ? '' : ` (${code})`}.`,
    hint: `${code === '' ? 'It gave no code' : "Look up the code in the API's documentation on open.1688.com"}. Repeating the call will not help.`,
  }
}

function rejectedBy(status: number): Failure {
  if (status >= 500) return { status, ...internalError('1688', status) }
  return {
    status,
    code: 'upstream_rejected',
    message: `1688 rejected the call (${status}).`,
    hint: 'Check MCP1688_OPEN1688_BASE_URL, and that no proxy answers in its place.',
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value.trim() : asIdText(value)
}
