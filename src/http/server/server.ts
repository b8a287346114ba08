/** The HTTP server: what every request goes through before its route, and how the server starts and ends. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError, asAppError } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import type { Authenticate } from '../access/auth.ts'
import { type Caller, OPEN_CALLER } from '../access/caller.ts'
import { type Guards, refuseOtherSite, refuseTwoHosts } from '../access/guards.ts'
import { HttpRefusal, refusalOf, restErrorBody, rpcErrorBody } from '../access/refusal.ts'
import { MCP_BODY_MAX_BYTES, refuseBody, refuseLongBody } from './body.ts'
import { type Exchange, sendJson, withRequestId } from './exchange.ts'
import { listen, type RunningServer, SERVER_LIMITS, type ServerLimits } from './listener.ts'
import type { Metrics } from './metrics.ts'

/** Requests that one caller may have under way; beyond it they are refused before their body is read, so that others are served as ever. */
const MAX_IN_FLIGHT = 32

export interface Route {
  method: 'GET' | 'POST'
  /** Whether anybody may ask. */
  isPublic: boolean
  /** Whether it speaks JSON-RPC, in errors too, and reads the body itself. */
  isRpc: boolean
  handle(exchange: Exchange): Promise<void>
}

export interface ServerDeps {
  host: string
  /** 0: any free one. */
  port: number
  routes: ReadonlyMap<string, Route>
  guards: Guards
  authenticate: Authenticate
  addressOf(request: IncomingMessage): string
  metrics: Metrics
  logger: Logger
  limits?: Partial<ServerLimits> | undefined
}

/** Starts the server. @throws AppError `config_invalid` where the address cannot be listened on. */
export async function startServer(deps: ServerDeps): Promise<RunningServer> {
  const { routes, guards, authenticate, addressOf, metrics } = deps
  const inFlight = new Map<string, number>()
  let running = 0

  const answer = async (request: IncomingMessage, response: ServerResponse, seen: SeenRequest): Promise<void> => {
    refuseTwoHosts(request)
    const path = guards.check(request.url ?? '', request.headers)
    const route = routes.get(path)
    seen.route = route ? path : 'other'
    seen.isRpc = route?.isRpc ?? false
    allowOrigin(response, guards.corsOrigin(request.headers))
    if (route?.isRpc) refuseLongBody(request, MCP_BODY_MAX_BYTES)
    else refuseBody(request)
    if (!route) throw notFound()
    if (!route.isPublic) refuseOtherSite(request.headers)
    if (request.method === 'OPTIONS') return preflight(response, route)
    if (request.method !== route.method && !(request.method === 'HEAD' && route.method === 'GET'))
      throw wrongMethod(route)
    const caller = route.isPublic ? OPEN_CALLER : await authenticate(request)
    seen.caller = caller.id
    await inPlace(caller, response, () =>
      route.handle({ request, response, caller, logger: seen.logger, signal: signalOf(response) }),
    )
  }

  const isFull = ({ id }: Caller): boolean => (inFlight.get(id) ?? 0) >= MAX_IN_FLIGHT

  const inPlace = async (caller: Caller, response: ServerResponse, work: () => Promise<void>): Promise<void> => {
    if (caller.account === null) return work()
    if (isFull(caller)) {
      await sleep(CALL_BUDGET.place.callerMs)
      if (isFull(caller) || response.destroyed) throw tooManyAtOnce()
    }
    // Nothing is awaited since the look: of requests that come in one packet each sees those before it.
    inFlight.set(caller.id, (inFlight.get(caller.id) ?? 0) + 1)
    try {
      await work()
    } finally {
      const left = (inFlight.get(caller.id) ?? 1) - 1
      if (left > 0) inFlight.set(caller.id, left)
      else inFlight.delete(caller.id)
    }
  }

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const id = randomUUID()
    const logger = withRequestId(deps.logger, id)
    const seen: SeenRequest = { route: 'other', isRpc: false, caller: '-', logger }
    const startedAt = performance.now()
    metrics.inFlight(++running)
    response.setHeader('x-request-id', id)
    response.setHeader('x-content-type-options', 'nosniff')
    response.setHeader('cache-control', 'no-store')
    response.once('close', () => {
      metrics.inFlight(--running)
      const status = response.writableFinished ? response.statusCode : 499
      metrics.request(seen.route, status)
      const ms = Math.round(performance.now() - startedAt)
      const { route, caller } = seen
      logger.info('http', { method: request.method, route, status, ms, caller, from: addressOf(request) })
    })
    answer(request, response, seen).catch(thrown => fail(thrown, response, seen))
  }

  const limits = { ...SERVER_LIMITS, ...deps.limits }
  const server = createServer(limits, onRequest)
  server.timeout = limits.timeout
  return listen(server, deps)
}

/** What is known of a request by the time that it is logged. */
interface SeenRequest {
  route: string
  isRpc: boolean
  caller: string
  logger: Logger
}

function fail(thrown: unknown, response: ServerResponse, seen: SeenRequest): void {
  if (response.destroyed) return
  if (!(thrown instanceof HttpRefusal || thrown instanceof AppError)) {
    seen.logger.error('request failed', { cause: thrown })
  }
  if (response.headersSent) {
    response.destroy()
    return
  }
  const refusal = thrown instanceof HttpRefusal ? thrown : refusalOf(asAppError(thrown))
  sendJson(response, refusal.status, seen.isRpc ? rpcErrorBody(refusal) : restErrorBody(refusal), refusal.headers)
}

function signalOf(response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  return gone.signal
}

function allowOrigin(response: ServerResponse, origin: string | null): void {
  if (origin === null) return
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('vary', 'origin')
  response.setHeader('access-control-expose-headers', '*')
}

function preflight(response: ServerResponse, route: Route): void {
  if (!response.hasHeader('access-control-allow-origin')) throw wrongMethod(route)
  response.writeHead(204, {
    'access-control-allow-methods': route.method,
    'access-control-allow-headers':
      'authorization, content-type, x-api-key, mcp-protocol-version, mcp-session-id, mcp-method, mcp-name, last-event-id',
    'access-control-max-age': '600',
  })
  response.end()
}

function notFound(): HttpRefusal {
  return new HttpRefusal({
    status: 404,
    code: 'no_such_path',
    message: 'There is nothing at this path.',
    hint: 'GET /docs lists what there is.',
  })
}

function wrongMethod({ method }: Route): HttpRefusal {
  return new HttpRefusal({
    status: 405,
    code: 'wrong_method',
    message: `This path takes ${method} only.`,
    hint: 'GET /docs tells how to call it.',
    headers: { allow: method },
  })
}

function tooManyAtOnce(): HttpRefusal {
  return new HttpRefusal({
    status: 429,
    code: 'rate_limited',
    message: `More than ${MAX_IN_FLIGHT} requests of this caller are under way.`,
    hint: 'Wait for some of them to end.',
    headers: { 'retry-after': '1' },
  })
}
