/** Requests one address as a browser would, with every address on the way guarded and nothing of the caller's sent. */
import type { LookupFunction } from 'node:net'
import { pipeline, type Readable, type Transform } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { buildConnector, Dispatcher } from 'undici'
import { type AddressGuard, type AddressGuardOptions, createAddressGuard, type Reach } from '../../net/address-guard.ts'
import { createDispatcher } from '../../net/dispatcher.ts'
import { NO_PROXIES, type Proxies } from '../../net/proxies.ts'
import { refused, tooLarge } from '../failures.ts'
import { badStatus, unknownEncoding } from './fetch-failures.ts'

const MAX_REDIRECTS = 5

/** Shops set cookies and content policies of 20 kB and more; Node's and undici's own limit is 16 kB. */
const MAX_HEADER_BYTES = 65_536

/** Named types first: some servers refuse `image/*` alone. */
const ACCEPT = 'image/jpeg,image/png,image/webp,image/avif,image/gif,image/*;q=0.9,text/html;q=0.8,*/*;q=0.7'

/** Nothing else is ever sent: no cookie, no key, no Referer, nothing of the caller's. */
const HEADERS = { accept: ACCEPT, 'user-agent': 'mcp-1688' }

/** For one second try: many shops answer 403 to whatever does not call itself a browser. */
const BROWSER_HEADERS = {
  accept: ACCEPT,
  'accept-language': 'en,zh;q=0.8',
  'user-agent':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
}

const REDIRECT_STATUS = new Set([301, 302, 303, 307, 308])
const REFUSES_PROGRAMS = new Set([403, 406])

/** Node's options of these names. */
export interface SocketOptions {
  lookup?: LookupFunction
  autoSelectFamily?: boolean
}

export type CreateConnector = (options: SocketOptions) => buildConnector.connector

export interface HttpClientOptions extends AddressGuardOptions {
  /** Of a body, both as sent and unpacked. */
  maxBytes: number
  /** Default: undici's `buildConnector`. */
  createConnector?: CreateConnector
  /** Default: none. */
  proxies?: Proxies | undefined
}

export interface HttpAnswer {
  /** After redirects. */
  url: URL
  contentType: string
  /** Unpacked. Its length is not limited. */
  body: Readable
}

export interface HttpClient {
  /** @throws AppError for a forbidden address, a status other than 2xx or a length over the limit; faults as they come. */
  get(url: URL, signal: AbortSignal): Promise<HttpAnswer>
  close(): Promise<void>
}

/** Created at the first request: undici takes 100 ms and 20 MB to load. */
interface Opened {
  request: typeof import('undici').request
  agents: Record<Reach, Dispatcher>
}

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const guard = createAddressGuard(options)
  let opened: Promise<Opened> | undefined

  const send = async (target: URL, headers: Record<string, string>, signal: AbortSignal) => {
    const reach = guard.check(target)
    opened ??= open(guard, options)
    const { request, agents } = await opened
    return request(target, { dispatcher: agents[reach], headers, signal })
  }

  return {
    async get(url, signal) {
      let target = url
      let headers: Record<string, string> = HEADERS
      let redirects = 0
      for (;;) {
        const response = await send(target, headers, signal)
        const { statusCode } = response
        if (statusCode >= 200 && statusCode <= 299) return answerOf(response, target, options.maxBytes, signal)
        discardBody(response, signal)
        const { location } = response.headers
        if (REDIRECT_STATUS.has(statusCode) && typeof location === 'string') {
          redirects += 1
          if (redirects > MAX_REDIRECTS) throw refused(`The URL redirects more than ${MAX_REDIRECTS} times.`)
          target = redirectTarget(location, target)
        } else if (REFUSES_PROGRAMS.has(statusCode) && headers !== BROWSER_HEADERS) headers = BROWSER_HEADERS
        else throw badStatus(statusCode)
      }
    },
    async close() {
      if (opened === undefined) return
      const { agents } = await opened
      await Promise.all([agents.public.destroy(), agents.allowed.destroy()])
    },
  }
}

async function open(guard: AddressGuard, options: HttpClientOptions): Promise<Opened> {
  const { buildConnector, request } = await import('../../net/undici.ts')
  const createConnector: CreateConnector = options.createConnector ?? buildConnector
  const { maxBytes: maxResponseSize, proxies = NO_PROXIES } = options
  const limits = { proxies, maxResponseSize, maxHeaderSize: MAX_HEADER_BYTES }
  const guarded = createConnector({ lookup: guard.lookup, autoSelectFamily: true })
  return {
    request,
    agents: {
      public: await createDispatcher({ ...limits, connect: guarded, beforeProxy: guard.beforeProxy }),
      allowed: await createDispatcher({ ...limits, connect: createConnector({}) }),
    },
  }
}

function redirectTarget(location: string, from: URL): URL {
  if (URL.canParse(location, from.href)) return new URL(location, from)
  throw refused('The URL redirects to an invalid URL.')
}

function answerOf(response: Dispatcher.ResponseData, url: URL, maxBytes: number, signal: AbortSignal): HttpAnswer {
  const { headers } = response
  const contentType = String(headers['content-type'] ?? '')
  const isLong = Number(headers['content-length']) > maxBytes
  const body = isLong ? null : unpack(response.body, String(headers['content-encoding'] ?? ''))
  if (body !== null) return { url, contentType, body }
  discardBody(response, signal)
  throw isLong ? tooLarge(maxBytes) : unknownEncoding()
}

/** We ask for no encoding, but some servers pack every body. @returns `null` for an encoding that is not supported. */
function unpack(body: Readable, encodings: string): Readable | null {
  const layers = encodings
    .toLowerCase()
    .split(',')
    .map(encoding => encoding.trim())
  let unpacked = body
  for (const layer of layers.filter(each => each !== '' && each !== 'identity').reverse()) {
    const step = UNPACKERS[layer]?.()
    if (step === undefined) return null
    // The error reaches the reader of the last stream.
    unpacked = pipeline(unpacked, step, () => {})
  }
  return unpacked
}

/** As in browsers, a body that is cut ends where it is cut. */
const TOLERANT = { finishFlush: constants.Z_SYNC_FLUSH }

const UNPACKERS: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(TOLERANT),
  'x-gzip': () => createGunzip(TOLERANT),
  deflate: () => createInflate(TOLERANT),
  br: () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH }),
}

/** Drains a short body, so that the connection can be reused, and aborts a long one, without waiting for either. */
function discardBody({ body }: Dispatcher.ResponseData, signal: AbortSignal): void {
  body.dump({ limit: 16_384, signal }).catch(() => {})
}
