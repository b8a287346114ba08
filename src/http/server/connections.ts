/** Limits the connections of one address, and of all; the silent and the slow go first. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { networkOf } from '../access/network.ts'
import { type Connection, createConnection } from './connection.ts'

export const MAX_CONNECTIONS = 1_000

/** From here on, each new connection takes the place of one that is not in use. */
const NEAR_MAX = 900

/** A new connection may take this long to send a request with a key. */
const GRACE_MS = 1_000

/** New connections of one address within {@link GRACE_MS}, as a multiple of its limit. */
const BURST = 8

/** Of answers that nobody reads, in all. */
const MAX_BYTES_WAITING = 64 * 1024 * 1024

const SWEEP_EVERY_MS = 500

export interface ConnectionLimits {
  /**
   * Connections of one address (or IPv6 /64) without a valid key; `null` for no limit. Those whose last request had a
   * valid key do not count: many people may share an address.
   */
  perAddress: number | null
}

export interface Connections {
  /** Called with each request that Node reports, at once: the connection counts it until its answer is written. */
  began(response: ServerResponse): void
  /** Says whether the last request of a connection had a valid key. */
  recognise(request: IncomingMessage, hasKey: boolean): void
}

/** @param now milliseconds of a monotonic clock. */
export function limitConnections(server: Server, { perAddress }: ConnectionLimits, now: () => number): Connections {
  const all = new Map<Socket, Connection>()
  /** Without a valid key, by network. */
  const keyless = new Map<string, Set<Connection>>()

  const enlist = (connection: Connection): void => {
    const others = keyless.get(connection.network) ?? new Set()
    keyless.set(connection.network, others.add(connection))
  }
  const strike = (connection: Connection): void => {
    const others = keyless.get(connection.network)
    others?.delete(connection)
    if (others?.size === 0) keyless.delete(connection.network)
  }
  const drop = (connection: Connection): void => {
    all.delete(connection.socket)
    strike(connection)
    connection.socket.destroy()
  }

  /** @returns whether there is room for one more. */
  const makeRoom = (network: string): boolean => {
    const others = keyless.get(network)
    if (perAddress !== null && others && others.size >= perAddress * BURST && !dropOne([...others])) return false
    return all.size < NEAR_MAX || dropOne([...all.values()]) || all.size < MAX_CONNECTIONS
  }
  const dropOne = (from: readonly Connection[]): boolean => {
    const [first] = from.filter(isDroppable).sort(leastInUseFirst)
    if (first) drop(first)
    return first !== undefined
  }

  const sweep = (): void => {
    for (const others of keyless.values()) {
      const excess = others.size - (perAddress ?? Number.POSITIVE_INFINITY)
      if (excess <= 0) continue
      const droppable = [...others].filter(other => now() - other.openedAt >= GRACE_MS && isDroppable(other))
      for (const other of droppable.sort(leastInUseFirst).slice(0, excess)) drop(other)
    }
    let bytes = 0
    for (const connection of [...all.values()].sort((a, b) => b.usedAt - a.usedAt)) {
      const more = connection.bytesWaiting()
      if (more > 0 && bytes + more > MAX_BYTES_WAITING) drop(connection)
      else bytes += more
    }
  }

  server.on('connection', (socket: Socket) => {
    const network = networkOf(socket.remoteAddress ?? '-')
    if (!makeRoom(network)) {
      socket.destroy()
      return
    }
    const connection = createConnection(socket, network, now)
    all.set(socket, connection)
    enlist(connection)
    socket.once('close', () => {
      all.delete(socket)
      strike(connection)
    })
  })
  const sweeping = setInterval(sweep, SWEEP_EVERY_MS).unref()
  server.once('close', () => clearInterval(sweeping))

  return {
    began: response => all.get(response.req.socket)?.began(response),
    recognise({ socket }, hasKey) {
      const connection = all.get(socket)
      if (!connection || connection.hasKey === hasKey) return
      connection.hasKey = hasKey
      if (hasKey) strike(connection)
      else enlist(connection)
    },
  }
}

/** A request that is being worked on is not interrupted; an answer that is not read is. */
function isDroppable(connection: Connection): boolean {
  return connection.isIdle() || connection.bytesWaiting() > 0
}

function leastInUseFirst(a: Connection, b: Connection): number {
  return Number(a.hasKey) - Number(b.hasKey) || Number(b.isIdle()) - Number(a.isIdle()) || a.usedAt - b.usedAt
}
