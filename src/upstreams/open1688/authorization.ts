/** The first authorisation of an application: a person consents in the browser, and the code they get buys tokens. */
import { CallError } from '../../limits/gate/call-report.ts'
import type { Clock } from '../../time/clock.ts'
import { type HttpAnswer, translateAnswer, type UpstreamHttp } from '../http.ts'
import { asObject } from '../json-readers.ts'
import type { Meaning } from '../meanings.ts'
import { failureOf } from './failures.ts'
import { parseTokens } from './token-answer.ts'
import type { Tokens } from './token-store.ts'

export interface ConsentRequest {
  /** Of the platform's website, not of its gateway. */
  authBaseUrl: string
  appKey: string
  /** On the host that is registered for the application. */
  redirectUri: string
  /** Comes back with the code, and proves that the code answers this request. */
  state: string
}

export function consentUrl({ authBaseUrl, appKey, redirectUri, state }: ConsentRequest): string {
  const query = new URLSearchParams({ client_id: appKey, site: '1688', redirect_uri: redirectUri, state })
  return `${authBaseUrl}/oauth/authorize?${query}`
}

export interface Redemption {
  http: UpstreamHttp
  /** Of the gateway. */
  baseUrl: string
  appKey: string
  appSecret: string
  redirectUri: string
  code: string
  clock: Clock
}

/**
 * Exchanges a code, which works once and for two minutes. The call is not signed, and its secrets are in the body only.
 * @throws CallError
 */
export async function redeemCode(redemption: Redemption, signal: AbortSignal): Promise<Tokens> {
  const { http, baseUrl, appKey, appSecret, redirectUri, code, clock } = redemption
  const fields = {
    grant_type: 'authorization_code',
    need_refresh_token: 'true',
    client_id: appKey,
    client_secret: appSecret,
    redirect_uri: redirectUri,
    code,
  }
  const answer = await http.postForm(new URL(`${baseUrl}/http/1/system.oauth2/getToken/${appKey}`), fields, signal)
  const refusal = refusalOf(answer)
  if (refusal) throw new CallError(refusal, answer.report)
  return translateAnswer(answer, body => parseTokens(body, clock.now(), null)).value
}

const APPLICATION_REFUSED: Meaning = {
  code: 'key_rejected',
  message: '1688 rejected the app key or the app secret.',
  hint: 'Set MCP1688_OPEN1688_APP_KEY and MCP1688_OPEN1688_APP_SECRET to the values that open.1688.com shows for the application.',
}

const REDIRECT_REFUSED: Meaning = {
  code: 'invalid_input',
  message: '1688 rejected the redirect address: it is not the one that is registered for the application.',
  hint: 'Run the command again with --redirect-uri and the address that open.1688.com shows for the application.',
}

const CODE_REFUSED: Meaning = {
  code: 'invalid_input',
  message: '1688 rejected the code: it has expired, was used before or belongs to another application.',
  hint: 'Run the command again and paste the new code within two minutes.',
}

/** In this order. OAuth's own codes are unambiguous; in other texts, the more specific word counts. */
const REFUSALS: readonly (readonly [RegExp, Meaning])[] = [
  [/invalid_grant/i, CODE_REFUSED],
  [/redirect/i, REDIRECT_REFUSED],
  [/client|secret|app_?key|signature/i, APPLICATION_REFUSED],
]

/** `null` for a success. Nothing of the body is repeated: it may contain what was sent. */
function refusalOf(answer: HttpAnswer): Meaning | null {
  const { error, error_description, error_code, error_message } = asObject(answer.body) ?? {}
  const failure = failureOf(answer, null)
  if (failure?.code === 'rate_limited' || failure?.code === 'upstream_unavailable') return failure
  const texts = [error, error_code, error_description, error_message].filter(text => typeof text === 'string')
  if (failure === null && texts.length === 0) return null
  for (const text of texts) {
    const refusal = REFUSALS.find(([pattern]) => pattern.test(text))
    if (refusal) return refusal[1]
  }
  return texts.length === 0 && failure ? failure : CODE_REFUSED
}
