import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer as createTcpServer, type Server } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import type { CallError } from '../../src/limits/gate/call-report.ts'
import { systemClock } from '../../src/time/clock.ts'
import { createUpstreamHttp } from '../../src/upstreams/http.ts'
import { listenOnLoopback } from '../support/loopback.ts'
import { SELF_SIGNED } from '../support/self-signed.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function failureAt(server: Server): Promise<CallError> {
  const { port } = await listenOnLoopback(server)
  const http = createUpstreamHttp({ timeoutMs: 5_000, clock: systemClock })
  closers.push(http.close, () => new Promise(resolve => server.close(resolve)))
  const asked = http.getJson(new URL(`https://localhost:${port}/`), {}, new AbortController().signal)
  return asked.then(
    () => Promise.reject(new Error('it was answered')),
    (error: CallError) => error,
  )
}

it('sends nothing to a server with an untrusted certificate, and names the variable to set', async () => {
  const error = await failureAt(createHttpsServer(SELF_SIGNED, (_request, response) => response.end('{}')))
  expect(error).toMatchObject({ code: 'certificate_untrusted', retryable: false, report: { kind: 'not_sent' } })
  expect(error.message).toBe("The upstream's TLS certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT).")
  expect(error.hint).toContain('NODE_EXTRA_CA_CERTS')
})

it.each([
  ['plain HTTP at an https address', () => createHttpServer((_request, response) => response.end('{}'))],
  ['only an old TLS version', () => createHttpsServer({ ...SELF_SIGNED, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })],
  [
    'a reset before the TLS handshake',
    () => createTcpServer(socket => socket.once('data', () => socket.resetAndDestroy())),
  ],
  ['a close before the TLS handshake', () => createTcpServer(socket => socket.once('data', () => socket.end()))],
])('%s is reported as not sent', async (_what, create) => {
  const error = await failureAt(create())
  expect(error).toMatchObject({ code: 'upstream_unavailable', retryable: true, report: { kind: 'not_sent' } })
  expect(error.hint).toContain('nothing was spent')
})
