/** What each failure that the 1688 Open Platform tells means to a caller, and as which status it is settled and tried again. */
import type { AppErrorParts } from '../../errors.ts'
import type { HttpAnswer } from '../http.ts'
import { asBoolean, asIdText, asObject, type JsonObject } from '../json-readers.ts'
import { type ApiName, consoleName } from './apis.ts'

type Meaning = Pick<AppErrorParts, 'code' | 'message' | 'hint' | 'retryable' | 'ofOneItem'>

export interface Failure extends Meaning {
  /** The status of its report: the gateway answers 400 to nearly everything, so this goes by the code in the body. */
  status: number
}

/** The status of an API that is not granted. */
export const DECLINED = 403

/** The status of an access token that was refused. */
export const TOKEN_REFUSED = 401

const KEY_HINT = 'Set MCP1688_OPEN1688_APP_KEY and MCP1688_OPEN1688_APP_SECRET as open.1688.com shows them.'
const CHANGED_HINT = 'Update mcp-1688: the API may have changed; the same call will not work again.'

/** From the list of system errors in the platform's documentation. */
const GATEWAY_FAILURES: Readonly<Record<string, Failure>> = {
  '401': {
    status: TOKEN_REFUSED,
    code: 'key_rejected',
    message: '1688 refused the access token (401): it is wrong or has expired.',
    hint: 'Authorise the application again and set MCP1688_OPEN1688_REFRESH_TOKEN (or MCP1688_OPEN1688_ACCESS_TOKEN for 10 hours).',
  },
  'gw.AppKeyMissing': {
    status: 400,
    code: 'key_rejected',
    message: '1688 knows no such application (gw.AppKeyMissing).',
    hint: KEY_HINT,
  },
  'gw.SignatureInvalid': {
    status: 400,
    code: 'key_rejected',
    message: '1688 refused the signature (gw.SignatureInvalid): the secret does not belong to the app key.',
    hint: KEY_HINT,
  },
  'gw.SignatureMissing': {
    status: 400,
    code: 'upstream_rejected',
    message: 'The signature did not reach 1688 (gw.SignatureMissing).',
    hint: 'Check MCP1688_OPEN1688_BASE_URL, and that no proxy changes the body of requests.',
  },
  'gw.ParamMissing': {
    status: 400,
    code: 'upstream_rejected',
    message: '1688 misses a parameter (gw.ParamMissing).',
    hint: CHANGED_HINT,
  },
  'gw.APIUnsupported': {
    status: 404,
    code: 'upstream_rejected',
    message: '1688 has no such API (gw.APIUnsupported).',
    hint: 'Check MCP1688_OPEN1688_BASE_URL; if it is right, the API was withdrawn and mcp-1688 needs an update.',
  },
  'gw.QosAppFrequencyLimit': {
    status: 429,
    code: 'rate_limited',
    message: '1688 refused the call for its rate (gw.QosAppFrequencyLimit).',
    hint: 'Call again after retry_after_s seconds; cached details and the catalogue still answer.',
    retryable: true,
  },
}

/** What HTTP alone says, where the body has no code. */
const CODES_BY_STATUS: Readonly<Record<number, string>> = { 401: '401', 429: 'gw.QosAppFrequencyLimit' }

/** The failure that an answer tells, or `null` for a success. Nothing of its body is repeated. */
export function failureOf({ report, body }: HttpAnswer, api: ApiName | null): Failure | null {
  const fields = asObject(body) ?? {}
  const code = textOf(fields.error_code) ?? CODES_BY_STATUS[report.status] ?? null
  if (code === 'gw.APIACLDecline') return declined(api)
  if (code !== null) return GATEWAY_FAILURES[code] ?? unknownFailure(report.status)
  if (report.status !== 200) return unknownFailure(report.status)
  // The verdict stands inside `result`, or beside it (linkplus).
  const verdict = [asObject(fields.result), fields].find(level => level && asBoolean(level.success) === false)
  return verdict ? refusedBusiness(verdict) : null
}

/** The failure of a picture that the platform took but can do nothing with: it gives the id "0" and calls that a success. */
export const PICTURE_NOT_TAKEN: Meaning = {
  code: 'picture_unreadable',
  message: '1688 could not read the picture, though it took it.',
  hint: 'Pass another copy of it, saved as JPEG with the product filling most of the frame.',
}

function declined(api: ApiName | null): Failure {
  const name = api === null ? 'currentTime' : consoleName(api)
  const otherWay =
    api === 'uploadPicture' || api === 'imageQuery'
      ? ', or pass the picture as a public URL, which another API may serve'
      : ''
  return {
    status: DECLINED,
    code: 'not_granted',
    message: `1688 does not grant this application the API ${name} (gw.APIACLDecline).`,
    hint: `Apply for ${name} in the console of open.1688.com${otherWay}.`,
  }
}

function refusedBusiness(verdict: JsonObject): Failure {
  const code = textOf(verdict.code) ?? ''
  const message = textOf(verdict.message) ?? ''
  if (code === 'SP0056' || /商品不存在|已下架/.test(message)) return OFFER_GONE
  if (/查询权限/.test(message)) {
    return {
      status: 200,
      code: 'not_granted',
      message: '1688 does not let this application read this offer.',
      hint: 'Open the listing in a browser, or search_by_image for offers that it may read.',
      ofOneItem: true,
    }
  }
  if (/handle image error/i.test(message)) {
    return {
      status: 200,
      code: 'picture_unreachable',
      message: '1688 could not fetch the picture from its URL.',
      hint: 'Check that anybody can open the URL, also from China, or pass the picture itself as a data: URL.',
    }
  }
  if (code === 'SYSTEM_ERROR') return unknownFailure(500)
  return { status: 200, code: 'upstream_rejected', message: '1688 refused the request.', hint: CHANGED_HINT }
}

/** The failure of an offer that is not listed (any more). */
export const OFFER_GONE: Failure = {
  status: 200,
  code: 'not_found',
  message: 'There is no such offer on 1688.com, or it was taken down.',
  hint: 'Check the offer_id, or search_by_image for offers that are still listed.',
}

function unknownFailure(status: number): Failure {
  if (status >= 500) {
    return {
      status,
      code: 'upstream_unavailable',
      message: `1688 failed inside (${status}).`,
      hint: 'Try again later; cached details and the catalogue still answer.',
      retryable: true,
    }
  }
  return {
    status: status === 200 ? 400 : status,
    code: 'upstream_rejected',
    message: `1688 refused the call for a reason that mcp-1688 does not know (${status}).`,
    hint: 'Check MCP1688_OPEN1688_BASE_URL; if it is right, mcp-1688 needs an update.',
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value.trim() : asIdText(value)
}
