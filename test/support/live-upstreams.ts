/** Connects each live upstream to its stand-in. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inspect } from 'node:util'
import { expect, onTestFinished } from 'vitest'
import { CallError } from '../../src/limits/gate/call-report.ts'
import { type RetryPolicy, retryDelayMs } from '../../src/limits/gate/retry.ts'
import { shrinkPicture } from '../../src/pictures/decoder/shrink.ts'
import { isUploadable } from '../../src/pictures/decoder/upload-size.ts'
import { type Clock, systemClock } from '../../src/time/clock.ts'
import { errorText } from '../../src/tools/reply.ts'
import { createOpen1688, type Open1688Options } from '../../src/upstreams/open1688/upstream.ts'
import type { PictureMatcher, QueryPicture, Upstream } from '../../src/upstreams/port.ts'
import { createTmapi, type TmapiOptions } from '../../src/upstreams/tmapi/upstream.ts'
import { makeListings } from './listings.ts'
import { type Gateway, type GatewayOptions, startOpen1688Gateway } from './open1688-gateway.ts'
import type { ParseServer } from './parse-server.ts'
import { startTmapiServer, type TmapiServer, type TmapiServerOptions } from './tmapi-server.ts'

export interface StandIns {
  open1688: Gateway
  tmapi: TmapiServer
  parse: ParseServer
}

/** Never aborted. */
export const SIGNAL = new AbortController().signal

/** Three pages; the last listing is taken down. */
export const LISTINGS = makeListings(45)

/** Starts like a JPEG and is small enough to be sent as it is. */
export const JPEG = pictureOf(Buffer.from('\xff\xd8\xff\xe0 sample picture', 'latin1'), null)

/** The system's clock with a shifted wall time. */
export function shiftedClock(): Clock & { shiftMs: number } {
  const clock = { ...systemClock, shiftMs: 0, now: () => Date.now() + clock.shiftMs }
  return clock
}

export function pictureOf(bytes: Uint8Array, url: string | null): QueryPicture & { bytes: Uint8Array } {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { bytes, sha256, url, small: async () => (isUploadable(bytes) ? bytes : (await shrinkPicture(bytes)).bytes) }
}

/** An environment with a key for each of these stand-ins; issues new tokens at `open1688`. */
export function environmentOf({ open1688, tmapi, parse }: StandIns): Record<string, string> {
  const { accessToken, refreshToken } = open1688.authorise()
  return {
    MCP1688_OPEN1688_APP_KEY: open1688.appKey,
    MCP1688_OPEN1688_APP_SECRET: open1688.appSecret,
    MCP1688_OPEN1688_ACCESS_TOKEN: accessToken,
    MCP1688_OPEN1688_REFRESH_TOKEN: refreshToken,
    MCP1688_OPEN1688_BASE_URL: open1688.url,
    MCP1688_TMAPI_TOKEN: tmapi.token,
    MCP1688_TMAPI_BASE_URL: tmapi.url,
    MCP1688_PARSE_API_KEY: parse.key,
    MCP1688_PARSE_BASE_URL: parse.url,
    MCP1688_TIER: 'developer',
  }
}

/** Deleted with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mcp-1688-tokens-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

/** With an authorised application; closed with the test. */
export async function openOpen1688(
  gatewayOptions: Partial<GatewayOptions> = {},
  options: Partial<Open1688Options> = {},
): Promise<{ gateway: Gateway; upstream: Upstream; pictures: PictureMatcher; tokenFile: string }> {
  const clock = options.clock ?? systemClock
  const gateway = await startOpen1688Gateway({ listings: LISTINGS, now: clock.now, ...gatewayOptions })
  const tokenFile = options.tokenFile ?? path.join(await temporaryFolder(), 'tokens.db')
  const { appKey, appSecret, url: baseUrl } = gateway
  const upstream = createOpen1688({
    appKey,
    appSecret,
    baseUrl,
    tokenFile,
    clock,
    timeoutMs: 2_000,
    ...gateway.authorise(),
    ...options,
  })
  onTestFinished(async () => {
    await upstream.close()
    await gateway.close()
  })
  return { gateway, upstream, pictures: matcherOf(upstream), tokenFile }
}

/** Closed with the test. */
export async function openTmapi(
  serverOptions: Partial<TmapiServerOptions> = {},
  options: Partial<TmapiOptions> = {},
): Promise<{ server: TmapiServer; upstream: Upstream; pictures: PictureMatcher }> {
  const server = await startTmapiServer({ listings: LISTINGS, ...serverOptions })
  const { token, url: baseUrl } = server
  const upstream = createTmapi({ token, baseUrl, clock: systemClock, timeoutMs: 2_000, ...options })
  onTestFinished(async () => {
    await upstream.close()
    await server.close()
  })
  return { server, upstream, pictures: matcherOf(upstream) }
}

export async function errorOf(call: Promise<unknown>): Promise<CallError> {
  const thrown: unknown = await call.then(
    () => 'nothing',
    error => error,
  )
  if (!(thrown instanceof CallError)) throw new Error(`no CallError but ${inspect(thrown)}`)
  return thrown
}

/** A failure as agents see it, and whether the gate retries the call. */
export function failureText(error: CallError, policy: RetryPolicy): string {
  const delayMs = retryDelayMs(policy, error.report, 0, 0)
  return `${errorText(error)}\n${delayMs === null ? 'not tried again' : `tried again after ${delayMs} ms`}`
}

/** Text of an upstream, which must never appear in a reply. */
export const FOREIGN = 'FOREIGN-TEXT'

/** Collects failures as agents see them, for one snapshot. */
export function createFailureTexts(policy: RetryPolicy) {
  const texts: string[] = []
  const keepText = (name: string, text: string): void => {
    expect(text).not.toContain(FOREIGN)
    expect(text).not.toContain('canary')
    texts.push(`## ${name}\n${text}\n`)
  }
  return {
    keepText,
    keep: async (name: string, call: Promise<unknown>) => keepText(name, failureText(await errorOf(call), policy)),
    all: () => texts.join('\n'),
  }
}

function matcherOf({ pictures, name }: Upstream): PictureMatcher {
  if (!pictures) throw new Error(`${name} matches no pictures`)
  return pictures
}
