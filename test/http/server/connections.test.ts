import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { limitConnections } from '../../../src/http/server/connections.ts'
import { listenOnLoopback } from '../../support/loopback.ts'
import { addKey, startService, type TestService } from '../service.ts'

let tested: Pick<TestService, 'port' | 'close'>
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await tested.close()
})

/** A server with nothing but these limits. @returns its connections. */
async function startPlain(answer: Buffer): Promise<{ opened: number; closed: number }> {
  const seen = { opened: 0, closed: 0 }
  const server = createServer((_request, response) => {
    connections.began(response)
    response.end(answer)
  })
  const connections = limitConnections(server, { perAddress: null }, () => performance.now())
  server.on('connection', socket => {
    seen.opened++
    socket.once('close', () => seen.closed++)
  })
  tested = await listenOnLoopback(server)
  return seen
}

/** Connections that send `text`, if any, and never read. */
function open(count: number, localAddress: string, text = ''): Socket[] {
  const opened = Array.from({ length: count }, () => {
    const socket = connect({ port: tested.port, host: '127.0.0.1', localAddress }).pause()
    return socket.on('error', () => undefined).on('connect', () => socket.write(text))
  })
  sockets.push(...opened)
  return opened
}

/** In waves: where the system's queue overflows, the client takes a connection for open that the server never saw. */
async function openInWaves(count: number, localAddress: string): Promise<Socket[]> {
  const opened: Socket[] = []
  while (opened.length < count) {
    const wave = open(100, localAddress)
    opened.push(...wave)
    await Promise.all(
      wave.map(socket => new Promise<void>(resolve => socket.once('connect', resolve).once('close', () => resolve()))),
    )
  }
  return opened
}

const stillOpen = (opened: readonly Socket[]) => opened.filter(socket => !socket.closed && !socket.destroyed).length

/** From another address than the default. */
const statusFrom = (localAddress: string, path: string, headers = '') =>
  new Promise<string>(resolve => {
    const socket = connect({ port: tested.port, host: '127.0.0.1', localAddress })
    sockets.push(socket)
    socket.on('error', () => resolve('error'))
    socket.setEncoding('utf8').once('data', answer => resolve(String(answer).split('\r\n')[0] ?? ''))
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`)
  })

it('1,500 silent connections of one address: callers from another address are served, and few stay open', async () => {
  tested = await startService({ limits: { headersTimeout: 60_000, requestTimeout: 60_000 } })
  const silent = await openInWaves(1_500, '127.0.0.2')
  const answers = Array.from({ length: 12 }, () => statusFrom('127.0.0.3', '/healthz'))
  expect(await Promise.all(answers)).toEqual(Array(12).fill('HTTP/1.1 200 OK'))
  // They are read, so that the end of each is seen.
  for (const socket of silent) socket.resume()
  await expect.poll(() => stillOpen(silent), { timeout: 10_000 }).toBe(64)
  expect(await statusFrom('127.0.0.2', '/healthz')).toBe('HTTP/1.1 200 OK')
})

it('connections whose last request had a valid key do not count on their address', async () => {
  const service = await startService({
    config: { connectionsPerAddress: 3 },
    limits: { keepAliveTimeout: 60_000 },
  })
  tested = service
  const { text } = await addKey(service.dir)
  const withKey = `GET /get_product_details?offer_id=7000000001 HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${text}\r\n\r\n`
  const keyed = open(10, '127.0.0.2', withKey)
  const silent = open(10, '127.0.0.2')
  for (const socket of [...keyed, ...silent]) socket.resume()
  await expect.poll(() => stillOpen(silent), { timeout: 10_000 }).toBe(3)
  expect(stillOpen(keyed)).toBe(10)
})

it('behind a trusted proxy, all connections come from its address', async () => {
  const first = await startService()
  await addKey(first.dir)
  await first.service.close()
  tested = await startService({ dir: first.dir, config: { connectionsPerAddress: 3, trustProxy: 'on' } })
  // Without a proxy, the 25th would be dropped at once.
  const silent = open(100, '127.0.0.2')
  for (const socket of silent) socket.resume()
  expect(await statusFrom('127.0.0.3', '/healthz')).toBe('HTTP/1.1 200 OK')
  expect(stillOpen(silent)).toBe(100)
})

it('from 900 connections on, each new one takes the place of a silent one', async () => {
  const seen = await startPlain(Buffer.from('served'))
  open(1_200, '127.0.0.2')
  await expect.poll(() => seen.opened, { timeout: 20_000 }).toBeGreaterThan(1_000)
  expect(await statusFrom('127.0.0.3', '/')).toBe('HTTP/1.1 200 OK')
  await expect.poll(() => seen.opened - seen.closed).toBeLessThanOrEqual(900)
})

it('of the connections that do not read, only as many stay open as 64 MiB of answers allow', async () => {
  const seen = await startPlain(Buffer.alloc(32 * 1024 * 1024))
  open(8, '127.0.0.2', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  // The operating system takes some megabytes of each.
  await expect.poll(() => seen.closed, { timeout: 10_000 }).toBeGreaterThanOrEqual(5)
  expect(seen.closed).toBeLessThan(8)
})
