/** Calls to the gateway of the 1688 Open Platform: signed, with a token, and its refusals remembered for as long as they matter. */
import { AppError } from '../../errors.ts'
import { CallError, type Reported } from '../../limits/gate/call-report.ts'
import { type Backoff, backoffMs } from '../../time/backoff.ts'
import type { Clock } from '../../time/clock.ts'
import { type HttpAnswer, translated, type UpstreamHttp } from '../http.ts'
import { asInteger, asObject, upstreamChanged } from '../json-readers.ts'
import { APIS, type ApiName } from './apis.ts'
import { DECLINED, type Failure, failureOf, TOKEN_REFUSED } from './failures.ts'
import { signCall } from './signature.ts'
import type { Tokens } from './token-store.ts'
import { type AccessTokens, createTokens } from './tokens.ts'

/** How long an API that is not granted is not asked again, in milliseconds: grants are given by people. */
const DECLINE_REMEMBERED_MS = 900_000

/** How long to wait after a refused rate: public clients wait 10, 20, 40 and 80 s. */
const RATE_WAITS: Backoff = { firstMs: 10_000, maxMs: 80_000 }

export interface GatewayOptions {
  http: UpstreamHttp
  baseUrl: string
  appKey: string | null
  appSecret: string | null
  accessToken: string | null
  refreshToken: string | null
  tokenFile: string
  clock: Clock
}

/** The gateway, as one application sees it. */
export interface Gateway {
  /**
   * Makes one call (and refreshes the token before, where that is due).
   * @throws CallError for what failed on the wire, was refused, or could not be translated; AppError `key_missing`, `store_unavailable`.
   */
  call<T>(
    api: ApiName,
    params: Readonly<Record<string, string>>,
    signal: AbortSignal,
    translate: (body: unknown) => T,
  ): Promise<Reported<T>>
  /** Asks for the time, which needs a right key and secret and nothing else. Throws as {@link Gateway.call}. */
  ping(signal: AbortSignal): Promise<Reported<null>>
  /** Whether an API was found not to be granted, of late. */
  isDeclined(api: ApiName): boolean
  close(): Promise<void>
}

export function createGateway(options: GatewayOptions): Gateway {
  const { http, baseUrl, appKey, appSecret, clock } = options
  const declinedUntil = new Map<ApiName, number>()
  let refusedRates = 0
  let tokens: AccessTokens | null = null

  const send = async (api: string, params: Readonly<Record<string, string>>, signal: AbortSignal) => {
    if (appKey === null || appSecret === null) throw keyMissing()
    const path = `param2/1/${api}/${appKey}`
    const fields = { ...params, _aop_timestamp: String(clock.now()) }
    const signed = { ...fields, _aop_signature: signCall(appSecret, path, fields) }
    return http.postForm(new URL(`${baseUrl}/${path}`), signed, signal)
  }
  const requestTokens = async (refreshToken: string, signal: AbortSignal): Promise<Tokens> => {
    if (appKey === null || appSecret === null) throw keyMissing()
    const fields = {
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: appKey,
      client_secret: appSecret,
    }
    const url = new URL(`${baseUrl}/param2/1/system.oauth2/getToken/${appKey}`)
    const answer = await http.postForm(url, fields, signal)
    const failure = failureOf(answer, null)
    if (failure !== null || asObject(answer.body)?.error !== undefined) throw refreshFailure(failure, answer)
    return translated(answer, body => parseTokens(body, refreshToken, clock.now())).value
  }
  const fetchToken = (signal: AbortSignal): Promise<string> => {
    if (appKey === null || appSecret === null) throw keyMissing()
    const { tokenFile: file, accessToken, refreshToken } = options
    tokens ??= createTokens({ file, appKey, accessToken, refreshToken, requestTokens, clock })
    return tokens.fetchToken(signal)
  }
  const comeBackAfter = (api: ApiName, { status }: Failure, token: string): number | undefined => {
    if (status === TOKEN_REFUSED) return tokens?.refuse(token) ? 0 : undefined
    if (status === DECLINED) declinedUntil.set(api, clock.monotonic() + DECLINE_REMEMBERED_MS)
    return status === 429 ? backoffMs(RATE_WAITS, refusedRates++) : undefined
  }

  return {
    call: async (api, params, signal, translate) => {
      const token = await fetchToken(signal)
      const answer = await send(APIS[api], { ...params, access_token: token }, signal)
      const failure = failureOf(answer, api)
      if (failure) throw callError(failure, answer, comeBackAfter(api, failure, token))
      refusedRates = 0
      declinedUntil.delete(api)
      return translated(answer, translate)
    },
    ping: async signal => {
      const answer = await send('system/currentTime', {}, signal)
      const failure = failureOf(answer, null)
      if (failure) throw callError(failure, answer)
      return { value: null, report: answer.report }
    },
    isDeclined: api => clock.monotonic() < (declinedUntil.get(api) ?? 0),
    close: async () => {
      await tokens?.close()
    },
  }
}

function callError({ status, ...meaning }: Failure, { report }: HttpAnswer, retryAfterMs?: number): CallError {
  const isTold = meaning.code === 'rate_limited'
  return new CallError({ ...meaning, ...(isTold ? { retryAfterMs } : {}) }, { ...report, status, retryAfterMs })
}

/** A limit, a fault or a wrong application is told as for any call; whatever else is refused, is refused for the refresh token. */
function refreshFailure(failure: Failure | null, answer: HttpAnswer): CallError {
  if (failure?.code === 'rate_limited') return callError(failure, answer, RATE_WAITS.firstMs)
  if (failure?.code === 'upstream_unavailable') return callError(failure, answer)
  if (failure?.code === 'key_rejected' && failure.status !== TOKEN_REFUSED) return callError(failure, answer)
  return new CallError(
    {
      code: 'key_rejected',
      message: '1688 refused to renew the access token: the refresh token is wrong, used up or expired.',
      hint: 'Authorise the application on open.1688.com again and set MCP1688_OPEN1688_REFRESH_TOKEN anew.',
    },
    answer.report,
  )
}

/** The reply of getToken: `expires_in` is a string of seconds; the refresh token stays unless a new one comes. */
function parseTokens(body: unknown, refreshToken: string, now: number): Tokens {
  const { access_token: accessToken, expires_in: seconds, refresh_token: renewed } = asObject(body) ?? {}
  if (typeof accessToken !== 'string' || accessToken === '') throw upstreamChanged('access_token', 'a text')
  const lifetime = asInteger(seconds, 1)
  return {
    accessToken,
    refreshToken: typeof renewed === 'string' && renewed !== '' ? renewed : refreshToken,
    expiresAt: lifetime === null ? null : now + lifetime * 1000,
  }
}

function keyMissing(): AppError {
  return new AppError({
    code: 'key_missing',
    message: 'No application of the 1688 Open Platform is set.',
    hint: 'Set MCP1688_OPEN1688_APP_KEY and MCP1688_OPEN1688_APP_SECRET, or MCP1688_UPSTREAM=sample to try without.',
  })
}
