/** Listens and ending: time-outs against slow callers, and a drain that loses no call that was accepted. */
import type { Server } from 'node:http'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../errors.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'

/** How long a caller may take, and how much they may send; names and meaning are those of node:http. */
export interface ServerLimits {
  headersTimeout: number
  /** For headers and body; a call may last longer. */
  requestTimeout: number
  keepAliveTimeout: number
  /** For a connection on which nothing moves: a reader that does not read. Streams send a sign of life more often. */
  timeout: number
  /** Without it Node looks for slow callers every 30 s only. */
  connectionsCheckingInterval: number
  maxHeaderSize: number
}

/** Milliseconds and bytes. A body of 4 MiB arrives in time at 5 Mbit/s. */
export const SERVER_LIMITS: Readonly<ServerLimits> = {
  headersTimeout: 5_000,
  requestTimeout: 8_000,
  keepAliveTimeout: 5_000,
  timeout: 60_000,
  connectionsCheckingInterval: 500,
  maxHeaderSize: 16 * 1024,
}

/** Connections at once; more are closed as they come. */
const MAX_CONNECTIONS = 1_000

/** How long a connection stays open while it drains, so that a request already on its way is answered. */
const LAST_CALL_MS = 300

export interface RunningServer {
  readonly port: number
  /** Takes no new connections, answers what was accepted, then closes; after 25 s it closes all the same. */
  drain(): Promise<void>
}

/** Starts to listen. @throws AppError `config_invalid` where the address is taken or is not of this machine. */
export async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<RunningServer> {
  server.maxConnections = MAX_CONNECTIONS
  let isDraining = false
  server.prependListener('request', (_request, response) => {
    if (isDraining) response.setHeader('connection', 'close')
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', cause => reject(cannotListen(cause)))
    server.listen({ host, port }, resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  return {
    port: address.port,
    drain: async () => {
      isDraining = true
      const closed = new Promise<void>(resolve => server.once('close', resolve))
      // Server.close() of node:http would also cut connections on which a request has just been sent.
      net.Server.prototype.close.call(server)
      const timeout = new AbortController()
      const cut = async (): Promise<void> => {
        for (let waited = 0; waited < CALL_BUDGET.drain.callerMs; waited += LAST_CALL_MS) {
          await sleep(LAST_CALL_MS, undefined, timeout)
          server.closeIdleConnections()
        }
        server.closeAllConnections()
      }
      cut().catch(() => undefined)
      await closed
      timeout.abort()
    },
  }
}

function cannotListen(cause: Error): AppError {
  const isTaken = 'code' in cause && cause.code === 'EADDRINUSE'
  return new AppError({
    code: 'config_invalid',
    message: isTaken ? 'The port is in use by another program.' : 'The address cannot be listened on.',
    hint: 'Name another one with MCP1688_HOST and MCP1688_PORT; port 0 takes any free one.',
    cause,
  })
}
