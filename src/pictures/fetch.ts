/** Fetches pictures over the network: every request is guarded, and limited in time and size. */
import type { LookupFunction } from 'node:net'
import type { buildConnector, Dispatcher } from 'undici'
import { AppError, throwIfAborted } from '../errors.ts'
import { type AddressGuard, type AddressGuardOptions, createAddressGuard, type Reach } from '../net/address-guard.ts'
import { createDispatcher } from '../net/dispatcher.ts'
import { faultOf } from '../net/faults.ts'
import { NO_PROXIES, type Proxies } from '../net/proxies.ts'
import { limitTime } from '../time/deadline.ts'
import { ANOTHER_PICTURE, refused, tooLarge, unreachable, wrongMediaType } from './failures.ts'

const MAX_REDIRECTS = 3
/** Nothing else is ever sent: no cookie, no key, nothing of the caller's. */
const HEADERS = { accept: 'image/*', 'user-agent': 'mcp-1688' }
const REDIRECT_STATUS = new Set([301, 302, 303, 307, 308])

/** Node's options of these names. */
export interface SocketOptions {
  lookup?: LookupFunction
  autoSelectFamily?: boolean
}

export type CreateConnector = (options: SocketOptions) => buildConnector.connector

export interface PictureFetcherOptions extends AddressGuardOptions {
  maxBytes: number
  /** For a whole fetch, including redirects and further URLs. */
  timeoutMs: number
  /** Default: undici's `buildConnector`. */
  createConnector?: CreateConnector
  /** Default: none. */
  proxies?: Proxies | undefined
}

export interface PictureFetcher {
  /**
   * Fetches the first of `urls` that works.
   * @throws AppError `picture_refused`, `picture_unreachable`, `picture_unreadable` (for the last URL), `cancelled`.
   */
  fetch(urls: readonly URL[], signal?: AbortSignal): Promise<Uint8Array>
  close(): Promise<void>
}

/** Created at the first fetch: undici takes 100 ms and 20 MB to load. */
interface Client {
  request: typeof import('undici').request
  agents: Record<Reach, Dispatcher>
}

export function createPictureFetcher(options: PictureFetcherOptions): PictureFetcher {
  const guard = createAddressGuard(options)
  let client: Promise<Client> | undefined

  const download = async (url: URL, signal: AbortSignal): Promise<Uint8Array> => {
    let target = url
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      const reach = guard.check(target)
      client ??= openClient(guard, options)
      const { request, agents } = await client
      const response = await request(target, { dispatcher: agents[reach], headers: HEADERS, signal })
      const verdict = judgeHead(response, target, options.maxBytes)
      if (verdict === undefined) return await readBody(response, options.maxBytes)
      discardBody(response, signal)
      if (verdict instanceof AppError) throw verdict
      target = verdict
    }
    throw refused(`The URL redirects more than ${MAX_REDIRECTS} times.`)
  }

  return {
    async fetch(urls, signal) {
      const limit = limitTime(options.timeoutMs, signal)
      let failure: unknown
      try {
        for (const url of urls) {
          try {
            return await download(url, limit.signal)
          } catch (error) {
            throwIfAborted(signal)
            if (limit.isOver()) throw tooSlow(options.timeoutMs, error)
            failure = error instanceof AppError ? error : connectionFailed(error)
          }
        }
      } finally {
        limit.forget()
      }
      throw failure
    },
    async close() {
      if (client === undefined) return
      const { agents } = await client
      await Promise.all([agents.public.destroy(), agents.allowed.destroy()])
    },
  }
}

async function openClient(guard: AddressGuard, options: PictureFetcherOptions): Promise<Client> {
  const { buildConnector, request } = await import('../net/undici.ts')
  const createConnector: CreateConnector = options.createConnector ?? buildConnector
  const { maxBytes: maxResponseSize, proxies = NO_PROXIES } = options
  const guarded = createConnector({ lookup: guard.lookup, autoSelectFamily: true })
  return {
    request,
    agents: {
      public: await createDispatcher({ connect: guarded, proxies, maxResponseSize, beforeProxy: guard.beforeProxy }),
      allowed: await createDispatcher({ connect: createConnector({}), proxies, maxResponseSize }),
    },
  }
}

/** @returns the target of a redirect, a failure, or `undefined` if the body should be read. */
function judgeHead(
  { statusCode, headers }: Dispatcher.ResponseData,
  from: URL,
  maxBytes: number,
): URL | AppError | undefined {
  const { location } = headers
  if (REDIRECT_STATUS.has(statusCode) && typeof location === 'string') {
    if (URL.canParse(location, from.href)) return new URL(location, from)
    return refused('The URL redirects to an invalid URL.')
  }
  if (statusCode < 200 || statusCode > 299) return badStatus(statusCode)
  if (Number(headers['content-length']) > maxBytes) return tooLarge(maxBytes)
  return wrongMediaType(String(headers['content-type'] ?? ''))
}

async function readBody({ body }: Dispatcher.ResponseData, maxBytes: number): Promise<Uint8Array> {
  try {
    return await body.bytes()
  } catch (error) {
    throw faultOf(error).kind === 'too_large' ? tooLarge(maxBytes) : error
  }
}

/** Drains a short body, so that the connection can be reused, and aborts a long one, without waiting for either. */
function discardBody({ body }: Dispatcher.ResponseData, signal: AbortSignal): void {
  body.dump({ limit: 16_384, signal }).catch(() => {})
}

function badStatus(status: number): AppError {
  const message = `The picture's server returned status ${status} instead of a picture.`
  const retryable = status === 429 || status >= 500
  return unreachable(message, `${retryable ? 'Try again later' : 'Check the URL'}, or pass ${ANOTHER_PICTURE}.`, {
    retryable,
  })
}

function tooSlow(timeoutMs: number, cause: unknown): AppError {
  const message = `The picture did not arrive within ${timeoutMs / 1000} seconds.`
  return unreachable(message, `Try again later, or pass ${ANOTHER_PICTURE}.`, { retryable: true, cause })
}

function connectionFailed(cause: unknown): AppError {
  const { kind, wasConnected, code } = faultOf(cause)
  if (kind === 'unknown_host') {
    return unreachable("The host of the picture's URL does not exist.", 'Check the URL.', { cause })
  }
  if (kind === 'untrusted_certificate') {
    return unreachable(
      `The TLS certificate of the picture's server is not trusted (${code}).`,
      `Pass ${ANOTHER_PICTURE}.`,
      {
        cause,
      },
    )
  }
  if (kind === 'proxy_unreachable' || kind === 'proxy_refused') {
    const what = kind === 'proxy_refused' ? `did not connect to the picture's server (${code})` : 'could not be reached'
    const hint = `Check the proxy, or pass ${ANOTHER_PICTURE}.`
    return unreachable(`The proxy in HTTPS_PROXY or HTTP_PROXY ${what}.`, hint, { cause })
  }
  const message = wasConnected
    ? "The picture's server closed the connection before the picture was complete."
    : "The picture's server could not be reached."
  return unreachable(message, `Try again later, or pass ${ANOTHER_PICTURE}.`, { retryable: true, cause })
}
