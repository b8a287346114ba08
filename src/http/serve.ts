/** Serves MCP and REST over HTTP. Import it dynamically: stdio needs none of it. */
import type { IncomingMessage } from 'node:http'
import { AppError } from '../errors.ts'
import { openKeys } from '../keys/open-keys.ts'
import type { Logger } from '../log.ts'
import type { ReadPage } from '../mcp/pages.ts'
import type { FileParams } from '../mcp/tool-list.ts'
import { systemClock } from '../time/clock.ts'
import type { ListedTool } from '../tools/define.ts'
import { createAuth } from './access/auth.ts'
import { createAuthThrottle } from './access/auth-throttle.ts'
import { createGuards, isLoopback } from './access/guards.ts'
import { keysAreLost, needsKeys } from './access/missing-keys.ts'
import type { TokenVerifier } from './access/oauth.ts'
import { createOpenAccess, type OpenAccess } from './access/open-access.ts'
import { forgetRevokedDaily } from './forget-revoked.ts'
import { homePage } from './home-page.ts'
import type { HtmlPage } from './html-page.ts'
import { refuseLoneStream } from './mcp/accept.ts'
import { createMcpRoute, type McpRouteOptions } from './mcp/route.ts'
import { createServerOf } from './mcp/server-of.ts'
import { toolsChooser } from './mcp/tools-at.ts'
import { createOpenPages, type Pages } from './open-pages.ts'
import { type OwnedServices, ownedServices } from './owned-services.ts'
import { pageBaseOf } from './page-addresses.ts'
import { FORM_BODY_BYTES } from './rest/body/form.ts'
import { docsPage } from './rest/docs-page.ts'
import { REST_ENDPOINTS } from './rest/endpoints.ts'
import { createImportRoute } from './rest/import/route.ts'
import { openApiDocument } from './rest/openapi.ts'
import { type Prebuilt, prebuilt } from './rest/prebuilt.ts'
import { createRestRoute } from './rest/route.ts'
import { PICTURE_BODY_BYTES } from './server/body.ts'
import { sendJson, sendText } from './server/exchange.ts'
import type { ServerLimits } from './server/listener.ts'
import { createMetrics, type Gauges, type Metrics } from './server/metrics.ts'
import { type Route, startServer } from './server/server.ts'

export interface ServeConfig {
  host: string
  port: number
  allowedHosts: readonly string[]
  allowedOrigins: readonly string[]
  trustProxy: 'on' | 'off'
  connectionsPerAddress: number
  publicUrl?: string | undefined
  /** Default: auto. */
  fileParams?: FileParams
  oauthIssuer?: string | undefined
  oauthAudience?: string | undefined
  /** Of the body of an import, in megabytes. */
  importMax: number
  dataDir: string
  /** Whether only sample offers can be read. Default false. */
  isSampleStandIn?: boolean
  store?: string | undefined
}

export interface ServeDeps extends Pages, OwnedServices {
  config: ServeConfig
  /** Those that the operator offers. */
  tools: readonly ListedTool[]
  logger: Logger
  readPage: ReadPage
  gauges: Gauges
  /** Deletes what an account has stored. */
  forgetAccount: (owner: string) => Promise<unknown>
  /** Shorter timeouts, for tests. */
  limits?: Partial<ServerLimits>
  /** Another MCP server behind the same guards, for tests. */
  createServer?: McpRouteOptions['createServer']
}

export interface HttpService {
  readonly port: number
  isOpen: OpenAccess
  /** Accepts no new calls and answers the accepted ones first. */
  close(): Promise<void>
}

/** @throws AppError `config_invalid` for a configuration that would serve other machines without keys. */
export async function serveOverHttp(deps: ServeDeps): Promise<HttpService> {
  const { config, logger } = deps
  const servicesOf = ownedServices(deps, () => pageBase())
  const oauth = await createOauth(config)
  const { keys, accounts, close: closeKeys } = openKeys({ ...config, logger })
  const isPrivate = isLoopback(config.host) && config.trustProxy === 'off' && oauth === null
  const isOpen = createOpenAccess(keys, isPrivate)
  if (await keys.areLost()) throw keysAreLost(config)
  if ((await keys.isEmpty()) && !isPrivate && oauth === null) throw needsKeys(config)

  const addressOf = config.trustProxy === 'on' ? addressBehindProxy : addressOfPeer
  const throttle = createAuthThrottle(systemClock.monotonic)
  const metrics = createMetrics(deps.gauges)
  const mcp = createMcpRoute({
    logger,
    toolsAt: toolsChooser(deps.tools),
    createServer:
      deps.createServer ??
      createServerOf({
        servicesOf,
        readPage: deps.readPage,
        metrics,
        publicUrl: config.publicUrl,
        fileParams: config.fileParams ?? 'auto',
      }),
  })
  let isReady = false
  let port = config.port
  const pageBase = () => pageBaseOf(config, port)
  const routes = createRoutes({
    mcp: mcp.handle,
    tools: deps.tools,
    importBytes: config.importMax * 1_000_000,
    servicesOf,
    metrics,
    oauth,
    isReady: () => isReady,
    isOpen,
    baseShown: () => pageBase() ?? UNKNOWN_BASE,
    exampleOffer: config.isSampleStandIn ? '10008' : '791912182230',
  })
  const server = await startServer({
    host: config.host,
    port: config.port,
    routes,
    guards: createGuards(guardOptions(config)),
    authenticate: createAuth({ keys, accounts, oauth, throttle, isOpen, addressOf, now: Date.now }),
    addressOf,
    // All connections come from the proxy, which has to limit those of its callers.
    perAddress: config.trustProxy === 'on' ? null : config.connectionsPerAddress,
    metrics,
    logger,
    usesOauth: oauth !== null,
    openPages: createOpenPages({ pages: deps, keys, usesOauth: oauth !== null, isOpen, pageBase }),
    limits: deps.limits,
  })
  isReady = true
  port = server.port
  const forgetting = forgetRevokedDaily({ keys, forgetAccount: deps.forgetAccount, logger })
  return {
    port: server.port,
    isOpen,
    close: async () => {
      isReady = false
      await Promise.all([server.drain(), mcp.close(), forgetting.stop()])
      await closeKeys()
    },
  }
}

/** Never made from the Host of a request, which is the caller's. */
const UNKNOWN_BASE = 'https://ADDRESS-OF-THIS-SERVER'

interface RouteDeps {
  mcp: Route['handle']
  tools: readonly ListedTool[]
  importBytes: number
  servicesOf: OwnedServices['servicesOf']
  metrics: Metrics
  oauth: TokenVerifier | null
  isReady: () => boolean
  isOpen: OpenAccess
  /** For pages: what addresses begin with, or a placeholder. */
  baseShown: () => string
  /** One that this server can read. */
  exampleOffer: string
}

function createRoutes(deps: RouteDeps): Map<string, Route> {
  const { mcp, tools, importBytes, servicesOf, metrics, oauth, isReady, isOpen, baseShown, exampleOffer } = deps
  const get = (isPublic: boolean, handle: Route['handle']): Route => ({
    methods: ['GET'],
    isPublic,
    isRpc: false,
    handle,
  })
  const page = (body: () => unknown, status = () => 200): Route =>
    get(true, async ({ response }) => sendJson(response, status(), body()))
  const probe = (route: Route): Route => ({ ...route, isProbe: true })
  /** At the first request, because most servers never get one. */
  const builtOnce = (build: () => Prebuilt): Route => {
    let built: Prebuilt | null = null
    return get(true, async ({ request, response }) => {
      built ??= build()
      built(request, response)
    })
  }
  const htmlAt = (make: () => HtmlPage) =>
    builtOnce(() => {
      const { html, headers } = make()
      return prebuilt('text/html', html, headers)
    })
  const home = (isOpen: boolean) => htmlAt(() => homePage({ base: baseShown(), hasOauth: oauth !== null, isOpen }))
  const homes = { open: home(true), closed: home(false) }
  const routes = new Map<string, Route>([
    ['/mcp', { methods: ['POST'], isPublic: false, isRpc: true, bodyBytes: PICTURE_BODY_BYTES, handle: mcp }],
    ['/healthz', probe(page(() => ({ status: 'alive' })))],
    [
      '/readyz',
      probe(
        page(
          () => ({ status: isReady() ? 'ready' : 'ending' }),
          () => (isReady() ? 200 : 503),
        ),
      ),
    ],
    ['/openapi.json', builtOnce(() => prebuilt('application/json', JSON.stringify(openApiDocument())))],
    ['/docs', htmlAt(() => docsPage({ base: baseShown(), offerId: exampleOffer }))],
    [
      '/',
      get(true, async exchange => {
        refuseLoneStream(exchange.request.headers)
        await homes[(await isOpen()) ? 'open' : 'closed'].handle(exchange)
      }),
    ],
    [
      '/metrics',
      {
        ...get(false, async ({ response }) => {
          const { type, text } = await metrics.render()
          sendText(response, 200, type, text)
        }),
        right: 'metrics',
      },
    ],
  ])
  routes.set('/catalogue/import', {
    methods: ['POST'],
    isPublic: false,
    isRpc: false,
    right: 'import',
    // The route itself says what is too large.
    bodyBytes: Number.POSITIVE_INFINITY,
    handle: createImportRoute({ servicesOf, maxBytes: importBytes }),
  })
  for (const endpoint of REST_ENDPOINTS.filter(({ name }) => tools.some(tool => tool.name === name))) {
    routes.set(`/${endpoint.name}`, {
      ...get(false, createRestRoute({ endpoint, servicesOf, metrics, now: Date.now })),
      methods: ['GET', 'POST'],
      bodyBytes: Math.max(PICTURE_BODY_BYTES, FORM_BODY_BYTES),
    })
  }
  if (oauth) {
    for (const path of [oauth.metadataPath, '/.well-known/oauth-protected-resource']) {
      routes.set(
        path,
        page(() => oauth.metadata),
      )
    }
  }
  return routes
}

async function createOauth({ oauthIssuer, oauthAudience, publicUrl }: ServeConfig): Promise<TokenVerifier | null> {
  if (oauthIssuer === undefined && oauthAudience === undefined) return null
  const endpoint = publicUrl === undefined ? undefined : `${publicUrl}/mcp`
  const audience = oauthAudience ?? endpoint
  if (oauthIssuer === undefined || audience === undefined) {
    throw new AppError({
      code: 'config_invalid',
      message: `${oauthIssuer === undefined ? 'MCP1688_OAUTH_AUDIENCE' : 'MCP1688_OAUTH_ISSUER'} is set without its counterpart.`,
      hint: 'Set both MCP1688_OAUTH_ISSUER and MCP1688_OAUTH_AUDIENCE, or neither.',
    })
  }
  const { createTokenVerifier } = await import('./access/oauth.ts')
  return createTokenVerifier({ issuer: oauthIssuer, audience, resourceUrl: endpoint ?? audience })
}

/** The public address is one of this server's own. */
function guardOptions({ host, publicUrl, allowedHosts, allowedOrigins }: ServeConfig) {
  const own = publicUrl === undefined ? null : new URL(publicUrl)
  return {
    bindHost: host,
    allowedHosts: [...allowedHosts, ...(own ? [own.hostname] : [])],
    allowedOrigins: [...allowedOrigins, ...(own ? [own.origin] : [])],
  }
}

function addressOfPeer({ socket }: IncomingMessage): string {
  return socket.remoteAddress ?? '-'
}

/** A proxy appends the address that it saw. Anything before that may be forged by the caller. */
function addressBehindProxy(request: IncomingMessage): string {
  const forwardedFor = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .at(-1)
    ?.trim()
  return forwardedFor || addressOfPeer(request)
}
