/** Knows which requests of a connection are still to be answered. */
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server'

export interface PendingRequests {
  /** To be used in place of the other. */
  readonly transport: Transport
  /** Resolves once every request is answered and the answer was taken, or given up by the client. */
  answered(): Promise<void>
}

/** Its answer comes when the subscription ends. */
const LASTS = 'subscriptions/listen'

export function createPendingRequests(wire: Transport): PendingRequests {
  /** A client that uses an ID twice at once gets two answers. */
  const pending: unknown[] = []
  let leave = (): void => undefined
  const settle = (id: unknown) => {
    const at = pending.indexOf(id)
    if (at !== -1) pending.splice(at, 1)
    if (pending.length === 0) leave()
  }
  const note = (message: JSONRPCMessage) => {
    if (!('method' in message)) return
    if ('id' in message && message.method !== LASTS) pending.push(message.id)
    if (message.method === 'notifications/cancelled') settle(message.params?.requestId)
  }
  const transport: Transport = {
    async start() {
      wire.onmessage = (message, extra) => {
        note(message)
        transport.onmessage?.(message, extra)
      }
      wire.onerror = error => transport.onerror?.(error)
      wire.onclose = () => transport.onclose?.()
      await wire.start()
    },
    async send(message, options) {
      try {
        await wire.send(message, options)
      } finally {
        if (!('method' in message)) settle(message.id)
      }
    },
    close: () => wire.close(),
    setProtocolVersion: version => wire.setProtocolVersion?.(version),
  }
  return {
    transport,
    answered: () =>
      new Promise(resolve => {
        leave = resolve
        if (pending.length === 0) resolve()
      }),
  }
}
