import { createServer } from 'node:http'
import { connect } from 'node:net'
import { listenOnLoopback } from './loopback.ts'

export interface ConnectProxy {
  readonly port: number
  /** `http://127.0.0.1:port`. */
  readonly origin: string
  /** `host:port` of each requested tunnel. */
  readonly asked: readonly string[]
  /** Proxy-Authorization of the latest request. */
  readonly authorization: () => string | undefined
  close(): Promise<void>
}

export interface ConnectProxyOptions {
  /** The status to answer instead of opening a tunnel. */
  refusal?: number
  /** The loopback port where every tunnel ends, whatever host was requested. */
  leadsTo: number
}

/** A real proxy on loopback that opens tunnels, as corporate proxies do. */
export async function startConnectProxy({ refusal, leadsTo }: ConnectProxyOptions): Promise<ConnectProxy> {
  const asked: string[] = []
  let authorization: string | undefined
  const server = createServer((_request, response) => response.writeHead(400).end())
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '')
    authorization = request.headers['proxy-authorization']
    socket.on('error', () => socket.destroy())
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal} Refused\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    const target = connect(leadsTo, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      target.pipe(socket).pipe(target)
    })
    target.on('error', () => socket.destroy())
    socket.on('close', () => target.destroy())
  })
  const { port, origin, close } = await listenOnLoopback(server)
  return { port, origin, asked, authorization: () => authorization, close }
}
