/** Serves over HTTP: puts the routes together and ends them in reverse. Import it dynamically; stdio needs none of it. */
import type { IncomingMessage } from 'node:http'
import { AppError } from '../errors.ts'
import { openKeys } from '../keys/open-keys.ts'
import type { Logger } from '../log.ts'
import { createMcpServer } from '../mcp/server.ts'
import { systemClock } from '../time/clock.ts'
import { TOOLS } from '../tools/list.ts'
import type { Services } from '../use-cases/use-cases.ts'
import { version } from '../version.ts'
import { createAuth } from './access/auth.ts'
import { createAuthThrottle } from './access/auth-throttle.ts'
import { createGuards, isLoopback } from './access/guards.ts'
import type { TokenVerifier } from './access/oauth.ts'
import { chargeServices } from './access/payer.ts'
import { createMcpRoute, type McpRouteOptions } from './mcp/route.ts'
import { docsPage } from './rest/docs-page.ts'
import { REST_ENDPOINTS } from './rest/endpoints.ts'
import { openApiDocument } from './rest/openapi.ts'
import { createRestRoute } from './rest/route.ts'
import { type Exchange, sendJson, sendText } from './server/exchange.ts'
import type { ServerLimits } from './server/listener.ts'
import { createMetrics, type Metrics } from './server/metrics.ts'
import { type Route, startServer } from './server/server.ts'

/** The options of the configuration that serving needs. */
export interface ServeConfig {
  host: string
  port: number
  allowedHosts: readonly string[]
  allowedOrigins: readonly string[]
  trustProxy: 'on' | 'off'
  oauthIssuer?: string | undefined
  oauthAudience?: string | undefined
  dataDir: string
  store?: string | undefined
}

export interface ServeDeps {
  config: ServeConfig
  services: Services
  logger: Logger
  /** Reads the page of the product grid. */
  readGrid: () => Promise<string>
  /** For tests: shorter time-outs. */
  limits?: Partial<ServerLimits>
  /** For tests: another MCP server behind the same guards. */
  createServer?: McpRouteOptions['createServer']
}

export interface HttpService {
  readonly port: number
  /** Whether calls need no key. */
  readonly isOpen: boolean
  /** Takes no new calls, answers the accepted ones, and ends. */
  close(): Promise<void>
}

/** Serves until it is closed. @throws AppError `config_invalid` for a configuration that would serve strangers. */
export async function serveOverHttp(deps: ServeDeps): Promise<HttpService> {
  const { config, services, logger } = deps
  const oauth = await createOauth(config)
  const { keys, accounts, close: closeKeys } = openKeys(config)
  const mayBeOpen = isLoopback(config.host) && config.trustProxy === 'off' && oauth === null
  const hasKeys = !(await keys.isEmpty())
  if (!mayBeOpen && !hasKeys && oauth === null) throw wouldServeStrangers()

  const addressOf = config.trustProxy === 'on' ? addressBehindProxy : addressOfPeer
  const throttle = createAuthThrottle(systemClock.monotonic)
  const metrics = createMetrics()
  const mcp = createMcpRoute({ logger, createServer: deps.createServer ?? mcpServerOf(deps, metrics) })
  let isReady = false
  const routes = createRoutes({ mcp: mcp.handle, services, metrics, oauth, isReady: () => isReady })
  const server = await startServer({
    host: config.host,
    port: config.port,
    routes,
    guards: createGuards({ ...config, bindHost: config.host }),
    authenticate: createAuth({ keys, accounts, oauth, throttle, mayBeOpen, addressOf, now: Date.now }),
    addressOf,
    metrics,
    logger,
    limits: deps.limits,
  })
  isReady = true
  return {
    port: server.port,
    isOpen: mayBeOpen && !hasKeys,
    close: async () => {
      isReady = false
      await Promise.all([server.drain(), mcp.close()])
      await closeKeys()
    },
  }
}

function mcpServerOf({ services, readGrid }: ServeDeps, metrics: Metrics) {
  return ({ caller, logger }: Exchange, onlyTool: string | null) =>
    createMcpServer({
      version,
      tools: TOOLS,
      services: chargeServices(caller, services).services,
      logger,
      readGrid,
      onlyTool,
      runCall: (tool, run) => metrics.call(tool, caller.tier, run),
    })
}

interface RouteDeps {
  mcp: Route['handle']
  services: Services
  metrics: Metrics
  oauth: TokenVerifier | null
  isReady: () => boolean
}

function createRoutes({ mcp, services, metrics, oauth, isReady }: RouteDeps): Map<string, Route> {
  const get = (isPublic: boolean, handle: Route['handle']): Route => ({ method: 'GET', isPublic, isRpc: false, handle })
  const page = (status: () => number, body: () => unknown): Route =>
    get(true, async ({ response }) => sendJson(response, status(), body()))
  const routes = new Map<string, Route>([
    ['/mcp', { method: 'POST', isPublic: false, isRpc: true, handle: mcp }],
    [
      '/healthz',
      page(
        () => 200,
        () => ({ status: 'alive' }),
      ),
    ],
    [
      '/readyz',
      page(
        () => (isReady() ? 200 : 503),
        () => ({ status: isReady() ? 'ready' : 'ending' }),
      ),
    ],
    ['/openapi.json', page(() => 200, openApiDocument)],
    [
      '/docs',
      get(true, async ({ response }) => sendText(response, 200, 'text/html', docsPage().html, docsPage().headers)),
    ],
    [
      '/metrics',
      get(false, async ({ response }) => {
        const { type, text } = await metrics.render()
        sendText(response, 200, type, text)
      }),
    ],
  ])
  for (const endpoint of REST_ENDPOINTS) {
    routes.set(`/${endpoint.name}`, get(false, createRestRoute({ endpoint, services, metrics, now: Date.now })))
  }
  if (oauth) {
    for (const path of [oauth.metadataPath, '/.well-known/oauth-protected-resource']) {
      routes.set(
        path,
        page(
          () => 200,
          () => oauth.metadata,
        ),
      )
    }
  }
  return routes
}

async function createOauth({ oauthIssuer, oauthAudience }: ServeConfig): Promise<TokenVerifier | null> {
  if (oauthIssuer === undefined && oauthAudience === undefined) return null
  if (oauthIssuer === undefined || oauthAudience === undefined) {
    throw new AppError({
      code: 'config_invalid',
      message: 'Of MCP1688_OAUTH_ISSUER and MCP1688_OAUTH_AUDIENCE only one is set.',
      hint: 'Set both, or neither.',
    })
  }
  const { createTokenVerifier } = await import('./access/oauth.ts')
  return createTokenVerifier({ issuer: oauthIssuer, audience: oauthAudience })
}

function wouldServeStrangers(): AppError {
  return new AppError({
    code: 'config_invalid',
    message: 'Others can reach this address, and no API key was made yet.',
    hint: 'Make one with mcp-1688 keys add --name NAME --tier free, or listen on 127.0.0.1.',
  })
}

function addressOfPeer({ socket }: IncomingMessage): string {
  return socket.remoteAddress ?? '-'
}

/** A proxy adds the address that it saw at the end; what stands before it, anybody can have written. */
function addressBehindProxy(request: IncomingMessage): string {
  const told = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .at(-1)
    ?.trim()
  return told || addressOfPeer(request)
}
