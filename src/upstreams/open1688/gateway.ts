/** Signed and authorised calls to the gateway of the 1688 Open Platform. Remembers which APIs are not granted. */
import { AppError } from '../../errors.ts'
import { CallError, type Reported } from '../../limits/gate/call-report.ts'
import { type Backoff, backoffMs } from '../../time/backoff.ts'
import type { Clock } from '../../time/clock.ts'
import { type HttpAnswer, translateAnswer, type UpstreamHttp } from '../http.ts'
import { asObject } from '../json-readers.ts'
import { APIS, type ApiName } from './apis.ts'
import { type Failure, failureOf, NOT_GRANTED, TOKEN_REJECTED } from './failures.ts'
import { signCall } from './signature.ts'
import { parseTokens } from './token-answer.ts'
import type { Tokens } from './token-store.ts'
import { type AccessTokens, createTokens } from './tokens.ts'

/** How long an API that is not granted is left alone: grants are given by people. */
const NOT_GRANTED_TTL_MS = 900_000

/** After a rate limit; other public clients wait 10, 20, 40 and 80 s. */
const RATE_LIMIT_BACKOFF: Backoff = { firstMs: 10_000, maxMs: 80_000 }

export interface GatewayOptions {
  http: UpstreamHttp
  baseUrl: string
  appKey: string | null
  appSecret: string | null
  /** Whether calls carry an access token, which an application of a single user does without. */
  sendsToken: boolean
  accessToken: string | null
  refreshToken: string | null
  tokenFile: string
  clock: Clock
}

export interface Gateway {
  /**
   * Makes one call, after refreshing the token if that is due.
   * @throws CallError if the call failed, was rejected, or its answer could not be translated; AppError
   * `key_missing`, `store_unavailable`.
   */
  call<T>(
    api: ApiName,
    params: Readonly<Record<string, string>>,
    signal: AbortSignal,
    translate: (body: unknown) => T,
  ): Promise<Reported<T>>
  /** Asks for the platform's time, which needs only a valid key and secret. Throws like {@link Gateway.call}. */
  ping(signal: AbortSignal): Promise<Reported<null>>
  /** Whether the API was recently reported as not granted. */
  isNotGranted(api: ApiName): boolean
  close(): Promise<void>
}

export function createGateway(options: GatewayOptions): Gateway {
  const { http, baseUrl, appKey, appSecret, clock } = options
  const notGrantedUntil = new Map<ApiName, number>()
  let rateLimits = 0
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
    return translateAnswer(answer, body => parseTokens(body, clock.now(), refreshToken)).value
  }
  const fetchToken = (signal: AbortSignal): Promise<string> => {
    if (appKey === null || appSecret === null) throw keyMissing()
    const { tokenFile: file, accessToken, refreshToken } = options
    tokens ??= createTokens({ file, appKey, accessToken, refreshToken, requestTokens, clock })
    return tokens.fetchToken(signal)
  }
  const retryAfterMsOf = (api: ApiName, { status }: Failure, token: string | null): number | undefined => {
    if (status === TOKEN_REJECTED) return token !== null && tokens?.reject(token) ? 0 : undefined
    if (status === NOT_GRANTED) notGrantedUntil.set(api, clock.monotonic() + NOT_GRANTED_TTL_MS)
    return status === 429 ? backoffMs(RATE_LIMIT_BACKOFF, rateLimits++) : undefined
  }

  return {
    call: async (api, params, signal, translate) => {
      const token = options.sendsToken ? await fetchToken(signal) : null
      const fields = token === null ? params : { ...params, access_token: token }
      const answer = await send(APIS[api], fields, signal)
      const failure = failureOf(answer, api)
      if (failure?.status === TOKEN_REJECTED && token === null) throw callError({ ...failure, ...TOKEN_NEEDED }, answer)
      if (failure) throw callError(failure, answer, retryAfterMsOf(api, failure, token))
      rateLimits = 0
      notGrantedUntil.delete(api)
      return translateAnswer(answer, translate)
    },
    ping: async signal => {
      const answer = await send('system/currentTime', {}, signal)
      const failure = failureOf(answer, null)
      if (failure) throw callError(failure, answer)
      return { value: null, report: answer.report }
    },
    isNotGranted: api => clock.monotonic() < (notGrantedUntil.get(api) ?? 0),
    close: async () => {
      await tokens?.close()
    },
  }
}

/** Said instead of a rejected token where none was sent. */
const TOKEN_NEEDED = {
  message: '1688 requires an access token, so this is not an application for a single user.',
  hint: 'Remove MCP1688_OPEN1688_AUTH=none, then run mcp-1688 authorize open1688.',
}

function callError({ status, ...meaning }: Failure, { report }: HttpAnswer, retryAfterMs?: number): CallError {
  const forCaller = meaning.code === 'rate_limited' ? { retryAfterMs } : {}
  return new CallError({ ...meaning, ...forCaller }, { ...report, status, retryAfterMs })
}

/** Rate limits, faults and a wrong application are worded as for any call; the rest is due to the refresh token. */
function refreshFailure(failure: Failure | null, answer: HttpAnswer): CallError {
  if (failure?.code === 'rate_limited') return callError(failure, answer, RATE_LIMIT_BACKOFF.firstMs)
  if (failure?.code === 'upstream_unavailable') return callError(failure, answer)
  if (failure?.code === 'key_rejected' && failure.status !== TOKEN_REJECTED) return callError(failure, answer)
  return new CallError(
    {
      code: 'key_rejected',
      message: '1688 refused to renew the access token: the refresh token is invalid, used up or expired.',
      hint: 'Run mcp-1688 authorize open1688 with the same settings, or set a new MCP1688_OPEN1688_REFRESH_TOKEN.',
    },
    answer.report,
  )
}

function keyMissing(): AppError {
  return new AppError({
    code: 'key_missing',
    message: 'No 1688 Open Platform application is configured.',
    hint: 'Set MCP1688_OPEN1688_APP_KEY and MCP1688_OPEN1688_APP_SECRET, or MCP1688_UPSTREAM=sample to try mcp-1688 without them.',
  })
}
