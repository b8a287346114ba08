/** One connection: its requests are answered a few at a time, and nothing more is read until their answers are written. */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Answers in preparation or unread. */
const MAX_ANSWERS = 8

/** Requests that had already been read when the others filled the connection: always allowed, and in all. */
const WAITING_PER_CONNECTION = 8
const WAITING_IN_ALL = 1_000

/** Requests that wait for their turn on all connections. */
export interface WaitingRequests {
  count: number
}

export interface Connection {
  readonly socket: Socket
  /** Of the address it comes from. */
  readonly network: string
  readonly openedAt: number
  /** Whether its last request had a valid key. */
  hasKey: boolean
  /** When its last request began. */
  usedAt: number
  /** Begins the work of a request in its turn. Drops a connection that sends far more than it reads. */
  answer(response: ServerResponse, work: () => void): void
  /** Bytes of answers that were not read yet. */
  bytesWaiting(): number
  isIdle(): boolean
}

export function createConnection(
  socket: Socket,
  network: string,
  inAll: WaitingRequests,
  now: () => number,
): Connection {
  const open = new Set<ServerResponse>()
  const waiting: (() => void)[] = []

  const begin = (response: ServerResponse, work: () => void): void => {
    connection.usedAt = now()
    open.add(response)
    response.once('close', () => {
      open.delete(response)
      const next = waiting.shift()
      if (next) inAll.count--
      next?.()
      if (waiting.length === 0 && !socket.destroyed) socket.resume()
    })
    work()
  }

  const connection: Connection = {
    socket,
    network,
    openedAt: now(),
    hasKey: false,
    usedAt: now(),
    answer(response, work) {
      if (socket.destroyed) return
      if (open.size < MAX_ANSWERS) return begin(response, work)
      if (waiting.length >= WAITING_PER_CONNECTION && inAll.count >= WAITING_IN_ALL) {
        socket.destroy()
        return
      }
      waiting.push(() => begin(response, work))
      inAll.count++
      socket.pause()
    },
    bytesWaiting: () => [...open].reduce((sum, { writableLength }) => sum + writableLength, 0),
    isIdle: () => open.size === 0,
  }
  // Node itself resumes the socket whenever a request has ended.
  socket.on('resume', () => {
    if (waiting.length > 0) socket.pause()
  })
  socket.once('close', () => {
    inAll.count -= waiting.splice(0).length
    // Node only closes the answer that is being written.
    for (const response of open) {
      if (response.closed) continue
      response.destroy()
      response.emit('close')
    }
  })
  return connection
}
