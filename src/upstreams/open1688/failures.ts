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

/** From the list of system errors in the platform's documentation. */
const GATEWAY_FAILURES: Readonly<Record<string, Failure>> = {
  '401': {
    status: TOKEN_REJECTED,
    code: 'key_rejected',
    message: '1688 rejected the access token (401): it is invalid or has expired.',
    hint: 'Authorise the application again and set a new MCP1688_OPEN1688_REFRESH_TOKEN (or MCP1688_OPEN1688_ACCESS_TOKEN, which lasts 10 hours).',
  },
  'gw.AppKeyMissing': {
    status: 400,
    code: 'key_rejected',
    message: '1688 does not recognise the app key (gw.AppKeyMissing).',
    hint: KEY_HINT,
  },
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
  'gw.QosAppFrequencyLimit': { status: 429, ...rateLimited('1688', 'gw.QosAppFrequencyLimit') },
}

/** What HTTP alone says, where the body has no code. */
const CODES_BY_STATUS: Readonly<Record<number, string>> = { 401: '401', 429: 'gw.QosAppFrequencyLimit' }

/** `null` for a success. Nothing of the body is repeated. */
export function failureOf({ report, body }: HttpAnswer, api: ApiName | null): Failure | null {
  const fields = asObject(body) ?? {}
  const code = textOf(fields.error_code) ?? CODES_BY_STATUS[report.status] ?? null
  if (code === 'gw.APIACLDecline') return notGranted(api)
  if (code !== null) return GATEWAY_FAILURES[code] ?? unknownFailure(report.status)
  if (report.status !== 200) return unknownFailure(report.status)
  // `success` is inside `result` or next to it (linkplus).
  const verdict = [asObject(fields.result), fields].find(level => level && asBoolean(level.success) === false)
  return verdict ? businessFailure(verdict) : null
}

/** For an upload that gets the ID "0", which the platform calls a success. */
export const PICTURE_NOT_PROCESSED: Meaning = {
  code: 'picture_unreadable',
  message: '1688 accepted the upload but could not process the image.',
  hint: 'Pass another copy of it, saved as JPEG with the product filling most of the frame.',
}

function notGranted(api: ApiName | null): Failure {
  const name = api === null ? 'currentTime' : consoleName(api)
  const otherWay =
    api === 'uploadPicture' || api === 'imageQuery'
      ? ', or pass the picture as a public URL, which another API may accept'
      : ''
  return {
    status: NOT_GRANTED,
    code: 'not_granted',
    message: `1688 has not granted this application the API ${name} (gw.APIACLDecline).`,
    hint: `Apply for ${name} in the console of open.1688.com${otherWay}.`,
  }
}

function businessFailure(verdict: JsonObject): Failure {
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
  if (code === 'SYSTEM_ERROR') return unknownFailure(500)
  return { status: 200, code: 'upstream_rejected', message: '1688 rejected the request.', hint: UPDATE_HINT }
}

function unknownFailure(status: number): Failure {
  if (status >= 500) return { status, ...internalError('1688', status) }
  return {
    status: status === 200 ? 400 : status,
    code: 'upstream_rejected',
    message: `1688 rejected the call with an unknown error (${status}).`,
    hint: 'Check MCP1688_OPEN1688_BASE_URL; if it is correct, mcp-1688 needs an update.',
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value.trim() : asIdText(value)
}
