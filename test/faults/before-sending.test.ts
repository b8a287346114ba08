/** Faults before a request was sent, through the whole program: no credit is booked for any of them. */
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer as createTcpServer, type Server } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { createApp } from '../../src/app/create-app.ts'
import { loadConfig } from '../../src/load-config.ts'
import { createLogger } from '../../src/log.ts'
import { NO_PROXIES } from '../../src/net/proxies.ts'
import { getProductDetails } from '../../src/tools/offer/get-product-details.ts'
import { runTool } from '../../src/tools/run.ts'
import { startConnectProxy } from '../support/connect-proxy.ts'
import { listenOnLoopback } from '../support/loopback.ts'
import { makeTempDir, ROOT } from '../support/program.ts'
import { SELF_SIGNED } from '../support/self-signed.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

interface Fault {
  baseUrl: string
  proxy?: string
}

async function serverAt(server: Server, scheme: 'http' | 'https' = 'https'): Promise<Fault> {
  const { port, close } = await listenOnLoopback(server)
  closers.push(close)
  return { baseUrl: `${scheme}://localhost:${port}` }
}

async function closedPort(host: string): Promise<Fault> {
  const { port, close } = await listenOnLoopback(createTcpServer())
  await close()
  return { baseUrl: `http://${host}:${port}` }
}

async function proxyThat(options: { refusal?: number; leadsTo?: Server }): Promise<Fault> {
  const target = await listenOnLoopback(options.leadsTo ?? createTcpServer())
  const { refusal } = options
  const proxy = await startConnectProxy({ leadsTo: target.port, ...(refusal !== undefined && { refusal }) })
  closers.push(proxy.close, target.close)
  return { baseUrl: 'https://localhost', proxy: proxy.origin }
}

async function closedProxy(): Promise<Fault> {
  const { baseUrl } = await closedPort('127.0.0.1')
  return { baseUrl: 'https://localhost', proxy: baseUrl }
}

const untrusted = () => createHttpsServer(SELF_SIGNED, (_request, response) => response.end('{}'))

const FAULTS: [what: string, make: () => Promise<Fault>][] = [
  ['an untrusted certificate', () => serverAt(untrusted())],
  ['plain HTTP at an https address', () => serverAt(createHttpServer((_request, response) => response.end('{}')))],
  [
    'only an old TLS version',
    () => serverAt(createHttpsServer({ ...SELF_SIGNED, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })),
  ],
  [
    'a reset before the TLS handshake',
    () => serverAt(createTcpServer(socket => socket.once('data', () => socket.resetAndDestroy()))),
  ],
  [
    'a close before the TLS handshake',
    () => serverAt(createTcpServer(socket => socket.once('data', () => socket.end()))),
  ],
  ['a closed port on IPv4', () => closedPort('127.0.0.1')],
  ['a closed port on IPv6', () => closedPort('[::1]')],
  ['a proxy that wants a password', () => proxyThat({ refusal: 407 })],
  ['a proxy that refuses the host', () => proxyThat({ refusal: 403 })],
  ['a proxy that cannot reach the host', () => proxyThat({ refusal: 502 })],
  ['a proxy that is not there', closedProxy],
  ['an untrusted certificate behind a proxy', () => proxyThat({ leadsTo: untrusted() })],
]

it('are twelve', () => expect(FAULTS).toHaveLength(12))

it.each(FAULTS)('%s: 0 credits', async (_what, make) => {
  const { baseUrl, proxy } = await make()
  const dir = makeTempDir()
  const env = {
    MCP1688_PARSE_API_KEY: 'key-canary',
    MCP1688_PARSE_BASE_URL: baseUrl,
    MCP1688_DATA_DIR: dir.path,
  }
  const config = loadConfig({ env, flags: {}, platform: process.platform, homeDir: dir.path })
  const logger = createLogger({ level: 'silent', write: () => {} })
  const proxies = proxy === undefined ? NO_PROXIES : { ...NO_PROXIES, https: proxy }
  const app = createApp({ config, packageDir: ROOT, logger, isLocal: true, proxies })
  const call = { services: app.services, signal: new AbortController().signal }
  const reply = await runTool(getProductDetails, { offer_id: '791912182230' }, call, logger)
  expect(reply.error?.creditsSpent).toBe(0)
  expect(reply.text).toMatch(/nothing was spent/i)
  expect((await app.services.getUsage()).limits?.now).toMatchObject({ creditsUsed: 0, creditsLeft: 100 })
  await app.close()
  dir.remove()
})
