import { createServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { asAppError } from '../../src/errors.ts'
import { NO_PROXIES, type Proxies } from '../../src/net/proxies.ts'
import { systemClock } from '../../src/time/clock.ts'
import { createUpstreamHttp } from '../../src/upstreams/http.ts'
import { type ConnectProxy, type ConnectProxyOptions, startConnectProxy } from '../support/connect-proxy.ts'
import { type Loopback, listenOnLoopback } from '../support/loopback.ts'
import { SELF_SIGNED } from '../support/self-signed.ts'

const signal = new AbortController().signal
const closers: (() => Promise<unknown>)[] = []
let server: Loopback
let seen: string[]

beforeEach(async () => {
  seen = []
  server = await listenOnLoopback(
    createServer((request, response) => {
      seen.push(`${request.headers.host}${request.url}`)
      response.end('{"ok":true}')
    }),
  )
})
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
  await server.close()
})

async function startProxy(options: Partial<ConnectProxyOptions> = {}): Promise<ConnectProxy> {
  const proxy = await startConnectProxy({ leadsTo: server.port, ...options })
  closers.push(proxy.close)
  return proxy
}

function get(address: string, proxies: Partial<Proxies>) {
  const http = createUpstreamHttp({ timeoutMs: 5_000, clock: systemClock, proxies: { ...NO_PROXIES, ...proxies } })
  closers.unshift(http.close)
  return http.getJson(new URL(address), {}, signal)
}

it('sends requests through the proxy, with its user name and password', async () => {
  const proxy = await startProxy()
  const http = proxy.origin.replace('//', '//jo:s%40fe@')
  expect((await get('http://api.example.com/a', { http })).body).toEqual({ ok: true })
  expect(proxy.asked).toEqual(['api.example.com:80'])
  expect(proxy.authorization()).toBe(`Basic ${Buffer.from('jo:s@fe').toString('base64')}`)
  expect(seen).toEqual(['api.example.com/a'])
})

it('reaches hosts of NO_PROXY directly', async () => {
  const proxy = await startProxy()
  const exempt = 'other.example.com,127.0.0.1'
  expect((await get(`${server.origin}/a`, { http: proxy.origin, exempt })).body).toEqual({ ok: true })
  expect(proxy.asked).toEqual([])
})

it.each([
  [407, false, 'requires a user name and password (407).'],
  [403, false, 'did not connect to the upstream (403).'],
  [502, true, 'did not connect to the upstream (502).'],
])('reports a proxy that answers %d as such and charges nothing', async (refusal, retryable, words) => {
  const proxy = await startProxy({ refusal })
  const error = await get('https://api.example.com/', { https: proxy.origin }).catch(asAppError)
  expect(error).toMatchObject({ code: 'upstream_unavailable', retryable, report: { kind: 'not_sent' } })
  expect(error).toMatchObject({ message: `The proxy in HTTPS_PROXY or HTTP_PROXY ${words}` })
  expect(error).toMatchObject({ hint: expect.stringContaining('nothing was spent') })
  expect(seen).toEqual([])
})

it('reports an unreachable proxy as such and charges nothing', async () => {
  const proxy = await startProxy()
  await proxy.close()
  const error = await get('https://api.example.com/', { https: proxy.origin }).catch(asAppError)
  expect(error).toMatchObject({
    report: { kind: 'not_sent' },
    message: expect.stringContaining('could not be reached'),
  })
  expect(error).toMatchObject({ message: expect.stringMatching(/^The proxy/) })
})

it('checks the certificate of the server behind the proxy', async () => {
  const tls = createHttpsServer(SELF_SIGNED, (_request, response) => response.end('{}'))
  const { port } = await listenOnLoopback(tls)
  closers.push(() => new Promise(resolve => tls.close(resolve)))
  const proxy = await startProxy({ leadsTo: port })
  const error = await get('https://localhost/', { https: proxy.origin }).catch(asAppError)
  expect(error).toMatchObject({ code: 'certificate_untrusted', report: { kind: 'not_sent' } })
})
