/** The HTTP server: guards, authentication and the limit of each caller, in front of the routes. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { AppError, asAppError } from '../../errors.ts'
import type { KeyRight } from '../../keys/api-key.ts'
import type { Logger } from '../../log.ts'
import type { Authenticate } from '../access/auth.ts'
import { type Caller, OPEN_CALLER } from '../access/caller.ts'
import { type Guards, refuseOtherSite, requireOneHost } from '../access/guards.ts'
import { HttpError, restErrorBody, rpcErrorBody, toHttpError, WHERE } from '../access/http-error.ts'
import { networkOf } from '../access/network.ts'
import { isOauthPath, NO_OAUTH_BODY } from '../access/no-oauth.ts'
import { leavesBody, refuseBody, refuseEncodedBody, refuseLongBody } from './body.ts'
import { limitConnections } from './connections.ts'
import { type Exchange, sendJson, withRequestId } from './exchange.ts'
import { createInFlight } from './in-flight.ts'
import { listen, type RunningServer, SERVER_LIMITS, type ServerLimits } from './listener.ts'
import type { Metrics } from './metrics.ts'
import { createWorkMeter, REFUSED_MS, type Work } from './work.ts'

export interface Route {
  /** HEAD goes with GET. */
  methods: readonly ('GET' | 'POST')[]
  /** Whether it needs no key. */
  isPublic: boolean
  /** Needed beyond a key. */
  right?: KeyRight
  /** Health checks are answered whatever else comes from their address. */
  isProbe?: boolean
  /** Whether it answers, errors included, with JSON-RPC. */
  isRpc: boolean
  /** For routes that read a body: the longest that any of their calls may have. */
  bodyBytes?: number
  handle(exchange: Exchange): Promise<void>
}

export interface ServerDeps {
  host: string
  /** 0 picks a free port. */
  port: number
  routes: ReadonlyMap<string, Route>
  guards: Guards
  authenticate: Authenticate
  addressOf(request: IncomingMessage): string
  /** See {@link ConnectionLimits}. */
  perAddress: number | null
  metrics: Metrics
  logger: Logger
  /** What opens without a key, because its address cannot be guessed. */
  openPages: readonly OpenPage[]
  /** Without OAuth, its paths explain that. */
  usesOauth: boolean
  limits?: Partial<ServerLimits> | undefined
}

export interface OpenPage {
  prefix: string
  handle(exchange: Exchange, path: string): Promise<void>
}

/** @throws AppError `config_invalid` if the address cannot be used. */
export async function startServer(deps: ServerDeps): Promise<RunningServer> {
  const { routes, guards, authenticate, addressOf, metrics } = deps
  const enterInFlight = createInFlight()
  const meter = createWorkMeter(() => performance.now())
  let running = 0

  const addressName = (request: IncomingMessage): string => `address ${networkOf(addressOf(request))}`

  /** @throws HttpError for a request that no route takes. */
  const routeOf = async (request: IncomingMessage, response: ServerResponse, record: RequestRecord): Promise<Route> => {
    requireOneHost(request)
    request.url = guards.check(request.url ?? '', request.headers)
    const [path = ''] = request.url.split('?', 1)
    const openPage = deps.openPages.find(({ prefix }) => path.startsWith(prefix))
    if (openPage) {
      record.route = openPage.prefix
      const handle: Route['handle'] = exchange => openPage.handle(exchange, path)
      return { methods: ['GET'], isPublic: true, isRpc: false, handle }
    }
    const name = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
    const route = routes.get(name)
    record.route = route ? name : 'other'
    record.isRpc = route?.isRpc ?? false
    if (!route && !deps.usesOauth && isOauthPath(path)) return NO_OAUTH
    allowOrigin(response, guards.corsOrigin(request.headers))
    if (route?.bodyBytes !== undefined && request.method === 'POST') {
      refuseLongBody(request, route.bodyBytes)
      refuseEncodedBody(request)
    } else refuseBody(request)
    if (!route) throw notFound()
    if (!route.isPublic) refuseOtherSite(request.headers)
    const method = request.method === 'HEAD' ? 'GET' : request.method
    if (method === 'OPTIONS' || route.methods.some(each => each === method)) return route
    // A client without a key tries GET on /mcp as well, and shows what that answers.
    if (route.isRpc) await authenticate(request, route)
    throw wrongMethod(route)
  }

  /** A request without a valid key counts on its address. */
  const onItsAddress = async <T>(request: IncomingMessage, check: () => Promise<T>): Promise<T> => {
    try {
      return await check()
    } catch (thrown) {
      connections.recognise(request, false)
      await meter.begin(addressName(request))
      throw thrown
    }
  }

  const answer = async (request: IncomingMessage, response: ServerResponse, record: RequestRecord): Promise<void> => {
    const { route, caller } = await onItsAddress(request, async () => {
      const found = await routeOf(request, response, record)
      const isOpen = found.isPublic || request.method === 'OPTIONS'
      return { route: found, caller: isOpen ? null : await authenticate(request, found) }
    })
    record.caller = caller?.id ?? OPEN_CALLER.id
    connections.recognise(request, caller !== null)
    // Health checks are not counted, nor is anybody where only this machine can call.
    const payer = caller ? caller.account && `key ${caller.id}` : route.isProbe ? null : addressName(request)
    const work = await meter.begin(payer)
    if (response.destroyed) return
    response.once('close', work.end)
    if (request.method === 'OPTIONS') return preflight(response, route)
    if (caller && route.right !== undefined && !caller.rights.includes(route.right)) throw rightMissing(route.right)
    await enterInFlight(caller ?? OPEN_CALLER, response)
    const { logger } = record
    try {
      const address = addressOf(request)
      const { signal, abort } = abortOf(response)
      await route.handle({ request, response, caller: caller ?? OPEN_CALLER, address, logger, signal, abort, work })
    } catch (thrown) {
      if (caller && isRefusedInput(thrown)) await countRefusal(caller, work)
      throw thrown
    }
  }

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const id = randomUUID()
    const logger = withRequestId(deps.logger, id)
    const record: RequestRecord = { route: 'other', isRpc: false, caller: '-', logger }
    const startedAt = performance.now()
    metrics.inFlight(++running)
    response.setHeader('x-request-id', id)
    response.setHeader('x-content-type-options', 'nosniff')
    response.setHeader('cache-control', 'no-store')
    response.once('close', () => {
      metrics.inFlight(--running)
      const status = response.writableFinished ? response.statusCode : 499
      metrics.request(record.route, status)
      const ms = Math.round(performance.now() - startedAt)
      const { route, caller } = record
      logger.info('http', { method: request.method, route, status, ms, caller, from: addressOf(request) })
    })
    answer(request, response, record).catch(thrown => {
      if (thrown instanceof HttpError && isBodyRefused(thrown, request)) metrics.bodyRefused(thrown.status)
      fail(thrown, response, record)
    })
  }

  const limits = { ...SERVER_LIMITS, ...deps.limits }
  // Node's own answer to a missing Host would not count on the connection.
  const server = createServer({ ...limits, requireHostHeader: false }, (request, response) => {
    connections.began(response)
    onRequest(request, response)
  })
  server.on('checkExpectation', (_request, response) => {
    connections.began(response)
    response.writeHead(417).end()
  })
  const connections = limitConnections(server, deps, () => performance.now())
  server.timeout = limits.timeout
  return listen(server, deps)
}

/** Whether the body itself was refused, before a call was made of it. */
function isRefusedInput(thrown: unknown): boolean {
  return thrown instanceof HttpError && [400, 408, 413, 415].includes(thrown.status)
}

function isBodyRefused({ status }: HttpError, { headers }: IncomingMessage): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  return [408, 413, 415].includes(status) || (status === 400 && hasBody)
}

/** Refused input counts like a call. @throws AppError `rate_limited` */
async function countRefusal({ account }: Caller, work: Work): Promise<void> {
  work.spend(REFUSED_MS)
  const admitted = await account?.admit(0)
  await admitted?.settle(0)
}

/** What the log says about a request. */
interface RequestRecord {
  route: string
  isRpc: boolean
  caller: string
  logger: Logger
}

function fail(thrown: unknown, response: ServerResponse, record: RequestRecord): void {
  if (response.destroyed) return
  if (!(thrown instanceof HttpError || thrown instanceof AppError)) {
    record.logger.error('request failed', { cause: thrown })
  }
  if (response.headersSent) {
    response.destroy()
    return
  }
  if (leavesBody(response.req)) response.setHeader('connection', 'close')
  const error = thrown instanceof HttpError ? thrown : toHttpError(asAppError(thrown))
  sendJson(response, error.status, record.isRpc ? rpcErrorBody(error) : restErrorBody(error), error.headers)
}

function abortOf(response: ServerResponse): Pick<Exchange, 'signal' | 'abort'> {
  const controller = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) controller.abort()
  })
  return { signal: controller.signal, abort: () => controller.abort() }
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
    'access-control-allow-methods': route.methods.join(', '),
    'access-control-allow-headers':
      'authorization, content-type, x-api-key, mcp-protocol-version, mcp-session-id, mcp-method, mcp-name, last-event-id',
    'access-control-max-age': '600',
  })
  response.end()
}

const NO_OAUTH: Route = {
  methods: ['GET'],
  isPublic: true,
  isRpc: false,
  handle: async ({ request, response }) => {
    sendJson(response, 404, NO_OAUTH_BODY, leavesBody(request) ? { connection: 'close' } : {})
  },
}

const NO_STREAM = 'Send each MCP message as a POST; there is no session or stream to open. GET / says how to connect.'

function notFound(): HttpError {
  return new HttpError({
    status: 404,
    code: 'no_such_path',
    message: 'This path does not exist.',
    hint: WHERE,
  })
}

function rightMissing(right: KeyRight): HttpError {
  return new HttpError({
    status: 403,
    code: 'not_allowed',
    message: `This API key does not have the right "${right}".`,
    hint: `The operator of the server can give it with mcp-1688 keys allow ID ${right}.`,
  })
}

function wrongMethod({ methods, isRpc }: Route): HttpError {
  return new HttpError({
    status: 405,
    code: 'wrong_method',
    message: `This path only accepts ${methods.join(' and ')}.`,
    hint: isRpc ? NO_STREAM : WHERE,
    headers: { allow: methods.join(', ') },
  })
}
