/** Starts HTTP servers on a free port of loopback; closing one closes all its connections. */
import { once } from 'node:events'
import { Server as HttpServer } from 'node:http'
import type { Server } from 'node:net'

export interface Loopback {
  port: number
  /** `http://127.0.0.1:port`. */
  origin: string
  close(): Promise<void>
}

export async function listenOnLoopback(server: Server): Promise<Loopback> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP')
  return {
    port: address.port,
    origin: `http://127.0.0.1:${address.port}`,
    close: async () => {
      if (server instanceof HttpServer) server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
