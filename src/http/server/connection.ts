/** One connection: a few of its requests exist at a time, and nothing more is read until their answers are written. */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { feedRequests } from './request-feed.ts'

/** Answers in preparation or unread; further requests are not even parsed. */
const MAX_ANSWERS = 8

export interface Connection {
  readonly socket: Socket
  /** Of the address it comes from. */
  readonly network: string
  readonly openedAt: number
  /** Whether its last request had a valid key. */
  hasKey: boolean
  /** When its last request began. */
  usedAt: number
  /** Called while a request is reported. */
  began(response: ServerResponse): void
  /** Bytes of answers that were not read yet. */
  bytesWaiting(): number
  isIdle(): boolean
}

export function createConnection(socket: Socket, network: string, now: () => number): Connection {
  const open = new Set<ServerResponse>()
  const feed = feedRequests(socket, () => open.size >= MAX_ANSWERS)

  socket.once('close', () => {
    // Node only closes the answer that is being written.
    for (const response of open) {
      if (response.closed) continue
      response.destroy()
      response.emit('close')
    }
  })
  const connection: Connection = {
    socket,
    network,
    openedAt: now(),
    hasKey: false,
    usedAt: now(),
    began(response) {
      connection.usedAt = now()
      feed.began(response.req)
      open.add(response)
      response.once('close', () => {
        open.delete(response)
        feed.goOn()
      })
    },
    bytesWaiting: () => [...open].reduce((sum, { writableLength }) => sum + writableLength, 0),
    isIdle: () => open.size === 0,
  }
  return connection
}
