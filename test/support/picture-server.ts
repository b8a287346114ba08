/** A real HTTP server on loopback that serves pictures, and misbehaves as its paths say. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { listenOnLoopback } from './loopback.ts'

/** A 1 x 1 PNG. */
export const TINY_PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
  'base64',
)

export interface SeenRequest {
  method: string
  /** Path and query. */
  url: string
  headers: IncomingHttpHeaders
}

export interface PictureServer {
  readonly port: number
  /** `127.0.0.1:port`, as in an allow list. */
  readonly host: string
  /** `http://127.0.0.1:port`. */
  readonly origin: string
  readonly seen: readonly SeenRequest[]
  openSockets(): number
  /** Resolves when all connections are closed. */
  allClosed(): Promise<void>
  close(): Promise<void>
}

type Misbehaviour = (response: ServerResponse, url: URL) => void

/** By the first segment of the path; any other is a picture. */
const MISBEHAVIOURS: Readonly<Record<string, Misbehaviour>> = {
  /** `/status/404`: with a body that must not be echoed. */
  status: (response, url) => response.writeHead(Number(url.pathname.split('/')[2])).end('SECRET-BODY'),
  /** `/type?is=text/html`: a body of that media type. */
  type: (response, url) => response.writeHead(200, { 'content-type': url.searchParams.get('is') ?? '' }).end('<html>'),
  /** `/redirect?to=…&status=302`. */
  redirect: (response, url) => {
    const status = Number(url.searchParams.get('status') ?? 302)
    response.writeHead(status, { location: url.searchParams.get('to') ?? '' }).end('<html>')
  },
  /** Redirects to itself. */
  loop: response => response.writeHead(302, { location: '/loop' }).end(),
  /** Redirects to a picture, with a body that never ends. */
  'redirect-endless': response => response.writeHead(302, { location: '/picture.png' }).write('x'),
  /** `/countdown/3`: redirects to `/countdown/2` and so on; 0 is a picture. */
  countdown: (response, url) => {
    const left = Number(url.pathname.split('/')[2])
    if (left > 0) response.writeHead(302, { location: `/countdown/${left - 1}` }).end()
    else sendPicture(response)
  },
  /** Has no small copies: 404 for a URL that contains a size. */
  'only-original': (response, url) => {
    if (/\.\d+x\d+\./.test(url.pathname)) response.writeHead(404).end()
    else sendPicture(response)
  },
  /** One byte per second, for ever. */
  drip: response => {
    response.writeHead(200, { 'content-type': 'image/png' }).write('x')
    const timer = setInterval(() => response.write('x'), 1000)
    response.on('close', () => clearInterval(timer))
  },
  /** Never answers. */
  silence: () => {},
  /** Announces 50 MB and sends them slowly. */
  huge: response => {
    response.writeHead(200, { 'content-type': 'image/png', 'content-length': 50_000_000 }).write('x')
  },
  /** Sends 50 MB without announcing a length. */
  'huge-chunked': response => {
    response.writeHead(200, { 'content-type': 'image/png' })
    sendMegabytes(response, 50)
  },
  /** Resets the connection midway. */
  reset: response => {
    response.writeHead(200, { 'content-type': 'image/png' })
    response.write('x', () => response.socket?.resetAndDestroy())
  },
  /** Announces more bytes than it sends. */
  short: response => {
    response.writeHead(200, { 'content-type': 'image/png', 'content-length': TINY_PNG.length + 100 })
    response.write(TINY_PNG, () => response.socket?.end())
  },
  /** Sets a cookie and redirects to a picture. */
  cookie: response => response.writeHead(302, { location: '/picture.png', 'set-cookie': 'id=1' }).end(),
  /** Not HTTP. */
  garbage: response => response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n'),
}

/**
 * @param pictures files to serve by path, such as `{ '/bag.jpg': bytes }`; any other path that does not misbehave is a
 * 1 x 1 PNG.
 */
export async function createPictureServer(pictures: Readonly<Record<string, Uint8Array>> = {}): Promise<PictureServer> {
  const seen: SeenRequest[] = []
  const sockets = new Set<Socket>()
  const server = createServer((request: IncomingMessage, response) => {
    const url = new URL(request.url ?? '/', 'http://server')
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers })
    const misbehave = MISBEHAVIOURS[url.pathname.split('/')[1] ?? '']
    // `/once/…` answers once.
    const isGone = url.pathname.startsWith('/once/') && seen.filter(each => each.url === request.url).length > 1
    if (isGone) response.writeHead(410).end()
    else if (misbehave) misbehave(response, url)
    else sendPicture(response, pictures[url.pathname])
  })
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      server.emit('socket gone')
    })
  })
  const { port, origin, close } = await listenOnLoopback(server)
  return {
    port,
    host: `127.0.0.1:${port}`,
    origin,
    seen,
    openSockets: () => sockets.size,
    async allClosed() {
      while (sockets.size > 0) await new Promise(resolve => server.once('socket gone', resolve))
    },
    close,
  }
}

function sendPicture(response: ServerResponse, bytes: Uint8Array = TINY_PNG): void {
  response.writeHead(200, { 'content-type': 'image/png', 'content-length': bytes.length }).end(bytes)
}

function sendMegabytes(response: ServerResponse, count: number): void {
  if (count === 0) response.end()
  else if (!response.destroyed) response.write(Buffer.alloc(1_000_000), () => sendMegabytes(response, count - 1))
}
