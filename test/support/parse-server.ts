/**
 * A local stand-in for the 1688.com API on Parse: a real HTTP server that checks what the real one checks (key,
 * credits, rate), answers in its format, and fails to order. It uses no code of the product.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { listenOnLoopback } from './loopback.ts'
import { detailsRecord, type IndexRow, indexBody } from './parse-shapes.ts'

export type Fault =
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: unknown }
  | { kind: 'raw'; status?: number; body: string; contentType?: string }
  | { kind: 'hang' }
  | { kind: 'huge'; bytes: number }
  | { kind: 'reset' }

export interface ParseServerOptions {
  key?: string
  rows: readonly IndexRow[]
  /** Details by offer id. Default: made from the row. */
  details?: Readonly<Record<string, Record<string, unknown>>>
  /** Calls in any 60 s. */
  ratePerMinute?: number
  credits?: number
  now?: () => number
  /** How long each answer takes. Default: none. */
  delayMs?: () => number
}

export interface SeenCall {
  endpoint: string
  query: Record<string, string>
  status: number
}

export interface ParseServer {
  /** Includes the scraper's id. */
  url: string
  key: string
  calls: SeenCall[]
  creditsLeft(): number
  /** Orders faults for the next calls. */
  failNext(...faults: Fault[]): void
  /** Ordered faults that have not occurred yet. */
  faultsLeft(): number
  /** Holds back every answer until the returned function is called. */
  hold(): () => void
  close(): Promise<void>
}

const SCRAPER = '/scraper/test-scraper'

export async function startParseServer(options: ParseServerOptions): Promise<ParseServer> {
  const { key = 'pmx_test_key_0001', rows, details = {}, ratePerMinute = Number.POSITIVE_INFINITY } = options
  const now = options.now ?? Date.now
  const faults: Fault[] = []
  const calls: SeenCall[] = []
  const window: number[] = []
  let credits = options.credits ?? Number.POSITIVE_INFINITY
  let gate: Promise<void> = Promise.resolve()

  const refuse = (): { status: number; body: unknown; headers?: Record<string, string> } | null => {
    const at = now()
    while (window[0] !== undefined && window[0] <= at - 60_000) window.shift()
    if (window.length >= ratePerMinute) {
      const wait = Math.ceil(((window[0] ?? at) + 60_000 - at) / 1000)
      return { status: 429, body: { error: { retry_after: wait } }, headers: { 'retry-after': String(wait) } }
    }
    if (credits <= 0) return { status: 402, body: { error: { message: 'out of credits' }, status_code: 402 } }
    window.push(at)
    credits -= 1
    return null
  }

  const answer = (endpoint: string, query: URLSearchParams): { status: number; body: unknown } => {
    if (endpoint === 'search_by_image') {
      const page = Number(query.get('page') ?? 1)
      const size = Number(query.get('page_size') ?? 10)
      if (!query.get('image_url')) return stale('image_url is required')
      if (!(page >= 1) || !(size >= 1 && size <= 60)) return stale('page or page_size out of range')
      return { status: 200, body: indexBody(rows, page, size, query.get('image_url')) }
    }
    if (endpoint === 'get_product_details') {
      const id = query.get('offer_id') ?? ''
      const row = rows.find(candidate => candidate.offer_id === id)
      const body = details[id] ?? (row && detailsRecord(row))
      return body ? { status: 200, body: { status: 'success', data: body } } : stale('offer not found')
    }
    return { status: 404, body: { detail: 'Not Found' } }
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const endpoint = url.pathname.startsWith(`${SCRAPER}/`) ? url.pathname.slice(SCRAPER.length + 1) : ''
    const seen = { endpoint, query: Object.fromEntries(url.searchParams), status: 0 }
    calls.push(seen)
    await gate
    if (options.delayMs) await sleep(options.delayMs())
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      seen.status = status
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    }
    if (request.headers['x-api-key'] !== key) return send(401, { error: { message: 'bad key' }, status_code: 401 })
    const refusal = refuse()
    if (refusal) return send(refusal.status, refusal.body, refusal.headers)
    const charged = { 'x-credits-charged': '1' }
    const fault = faults.shift()
    if (!fault) {
      const { status, body } = answer(endpoint, url.searchParams)
      return send(status, body, charged)
    }
    misbehave(fault, response, seen, charged)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  const { origin, close } = await listenOnLoopback(server)
  return {
    url: `${origin}${SCRAPER}`,
    key,
    calls,
    creditsLeft: () => credits,
    failNext: (...more) => faults.push(...more),
    faultsLeft: () => faults.length,
    hold: () => {
      let release = () => {}
      gate = new Promise(resolve => {
        release = resolve
      })
      return () => release()
    },
    close,
  }
}

function misbehave(fault: Fault, response: ServerResponse, seen: SeenCall, charged: Record<string, string>): void {
  switch (fault.kind) {
    case 'status':
      seen.status = fault.status
      response
        .writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers })
        .end(JSON.stringify(fault.body ?? { error: { message: 'ordered' }, status_code: fault.status }))
      return
    case 'raw':
      seen.status = fault.status ?? 200
      response
        .writeHead(seen.status, { 'content-type': fault.contentType ?? 'application/json', ...charged })
        .end(fault.body)
      return
    case 'huge': {
      seen.status = 200
      response.writeHead(200, { 'content-type': 'application/json', ...charged })
      const block = Buffer.alloc(1 << 20, ' ')
      const pour = (left: number) => {
        if (response.destroyed) return
        if (left <= 0) response.end('{}')
        else response.write(block, () => pour(left - block.length))
      }
      pour(fault.bytes)
      return
    }
    case 'reset':
      response.destroy()
      return
    case 'hang':
      return
  }
}

/** The sample of public clients: `parse_errors`. */
function stale(message: string): { status: number; body: unknown } {
  return { status: 422, body: { error: { status: 'stale_input', message }, status_code: 422 } }
}
