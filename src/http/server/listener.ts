/** Starts and stops the server: timeouts against slow callers, and a drain that answers every accepted call. */
import type { Server } from 'node:http'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError, hasCode } from '../../errors.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { MAX_CONNECTIONS } from './connections.ts'

/** Named as in node:http. */
export interface ServerLimits {
  headersTimeout: number
  /** For receiving headers and body; answering may take longer. */
  requestTimeout: number
  keepAliveTimeout: number
  /** For an idle connection, such as a client that does not read. Streams send keep-alives more often than this. */
  timeout: number
  /** How often the timeouts are checked; Node's default is 30 s. */
  connectionsCheckingInterval: number
  maxHeaderSize: number
}

/** Milliseconds and bytes. At 5 Mbit/s a body of 16 MiB arrives in time; a small one has less (body.ts). */
export const SERVER_LIMITS: Readonly<ServerLimits> = {
  headersTimeout: 5_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  timeout: 60_000,
  connectionsCheckingInterval: 500,
  maxHeaderSize: 16 * 1024,
}

/** Idle connections stay open this long while draining, so that a request already on its way is answered. */
const DRAIN_GRACE_MS = 300

export interface RunningServer {
  readonly port: number
  /** Accepts no new connections, answers accepted requests, then closes; after 25 s it closes regardless. */
  drain(): Promise<void>
}

/** @throws AppError `config_invalid` if the address is in use or does not belong to this machine. */
export async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<RunningServer> {
  server.maxConnections = MAX_CONNECTIONS
  let isDraining = false
  server.prependListener('request', (_request, response) => {
    if (isDraining) response.setHeader('connection', 'close')
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', cause => reject(cannotListen(host, port, cause)))
    server.listen({ host, port }, resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    port: address.port,
    drain: async () => {
      isDraining = true
      const closed = new Promise<void>(resolve => server.once('close', resolve))
      // node:http's Server.close() would also cut connections on which a request has just been sent.
      net.Server.prototype.close.call(server)
      const timeout = new AbortController()
      const closeConnections = async (): Promise<void> => {
        for (let waited = 0; waited < CALL_BUDGET.drain.callerMs; waited += DRAIN_GRACE_MS) {
          await sleep(DRAIN_GRACE_MS, undefined, timeout)
          server.closeIdleConnections()
        }
        server.closeAllConnections()
      }
      closeConnections().catch(() => undefined)
      await closed
      timeout.abort()
    },
  }
}

function cannotListen(host: string, port: number, cause: Error): AppError {
  const isTaken = hasCode(cause, 'EADDRINUSE')
  return new AppError({
    code: 'config_invalid',
    message: isTaken
      ? `Port ${port} on ${host} is in use by another program.`
      : `Cannot listen on ${host}, port ${port}.`,
    hint: 'Set another address with MCP1688_HOST and MCP1688_PORT; port 0 picks a free port.',
    cause,
  })
}
