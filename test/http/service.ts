/** The HTTP service inside the test process, with stub services behind it, and raw connections to it. */
import net from 'node:net'
import { type HttpService, type ServeConfig, type ServeDeps, serveOverHttp } from '../../src/http/serve.ts'
import type { IssuedKey, NewKey } from '../../src/keys/api-key.ts'
import { openKeyStore } from '../../src/keys/sqlite/key-store.ts'
import { createLogger } from '../../src/log.ts'
import { LISTED_TOOLS } from '../../src/tools/listed.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'
import { createStubServices, type StubServices } from './stub-services.ts'

export interface TestService {
  url: string
  port: number
  service: HttpService
  services: StubServices
  log: string[]
  dir: TempDir
  close(): Promise<void>
}

export interface TestServiceOptions {
  config?: Partial<ServeConfig>
  limits?: ServeDeps['limits']
  services?: StubServices
  createServer?: ServeDeps['createServer']
  dir?: TempDir
  tools?: ServeDeps['tools']
  uploadPage?: ServeDeps['uploadPage']
  exportPage?: ServeDeps['exportPage']
  gauges?: ServeDeps['gauges']
  forgetAccount?: ServeDeps['forgetAccount']
}

/** Starts a service on a free port of loopback. */
export async function startService(options: TestServiceOptions = {}): Promise<TestService> {
  const dir = options.dir ?? makeTempDir()
  const services = options.services ?? createStubServices()
  const log: string[] = []
  const config: ServeConfig = {
    host: '127.0.0.1',
    port: 0,
    allowedHosts: [],
    allowedOrigins: [],
    trustProxy: 'off',
    connectionsPerAddress: 64,
    importMax: 50,
    dataDir: dir.path,
    ...options.config,
  }
  const logger = createLogger({ level: 'info', write: line => void log.push(line) })
  const { limits = {}, createServer } = options
  const gauges: ServeDeps['gauges'] = options.gauges ?? {
    decoder: async () => ({ restarts: 2, quarantined: 1 }),
    openUploads: async () => 3,
    storedBytes: async () => ({ files: 4096, database: null }),
  }
  const readPage = async () => '<!doctype html>'
  const uploadPage: ServeDeps['uploadPage'] =
    options.uploadPage ?? (async ({ response }) => void response.writeHead(404).end())
  const deps = {
    config,
    tools: options.tools ?? LISTED_TOOLS,
    servicesOf: () => services,
    logger,
    limits,
    readPage,
    uploadPage,
    lentPage: async () => undefined,
    signPictures: async () => (offerId: string) => `/pictures/${offerId}?s=stub`,
    picturePage: async () => undefined,
    exportPage: options.exportPage ?? (async response => void response.writeHead(404).end()),
    gauges,
    forgetAccount: options.forgetAccount ?? (async () => undefined),
  }
  const service = await serveOverHttp({ ...deps, ...(createServer && { createServer }) })
  return {
    url: `http://127.0.0.1:${service.port}`,
    port: service.port,
    service,
    services,
    log,
    dir,
    close: async () => {
      await service.close()
      dir.remove()
    },
  }
}

export async function addKey(dir: TempDir, key: Partial<NewKey> = {}): Promise<IssuedKey> {
  const store = openKeyStore({ dataDir: dir.path, now: Date.now })
  const issued = await store.add({ name: 'tester', tier: 'developer', expiresAt: null, rights: ['metrics'], ...key })
  await store.close()
  return issued
}

export interface RawConnection {
  send(text: string): void
  /** Everything received until the connection closed. */
  closed: Promise<string>
  destroy(): void
}

/** Connects without an HTTP client, so that malformed requests can be sent. */
export function connectRaw(port: number): RawConnection {
  const socket = net.connect(port, '127.0.0.1')
  let received = ''
  socket.setEncoding('utf8').on('data', chunk => {
    received += chunk
  })
  socket.on('error', () => undefined)
  const closed = new Promise<string>(resolve => socket.once('close', () => resolve(received)))
  return { send: text => void socket.write(text), closed, destroy: () => socket.destroy() }
}

/** Sends a raw request and returns the first line of the response. */
export async function firstLine(port: number, text: string): Promise<string> {
  const connection = connectRaw(port)
  connection.send(text)
  return (await connection.closed).split('\r\n')[0] ?? ''
}

/** A tool call in the 2025 wire format. */
export function toolCall(
  name: string,
  input: Record<string, unknown>,
): { method: string; headers: Record<string, string>; body: string } {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: input } }),
  }
}
