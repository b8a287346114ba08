/**
 * Cancels calls of clients of the 2025 protocols. Their notification comes in a separate request, and this server has no
 * sessions: it means the one call in progress with that ID from the same key, address and program.
 */
import type { Exchange } from '../server/exchange.ts'
import { recordOf } from './message.ts'

export interface Cancellable {
  /** Aborts when the caller disconnects or cancels one of the exchange's requests. */
  signal: AbortSignal
  wasCancelled(): boolean
  end(): void
}

export interface Cancellations {
  begin(exchange: Exchange, message: unknown): Cancellable
  /** Follows the notifications among the messages. Two calls that cannot be told apart both go on. */
  follow(exchange: Exchange, message: unknown): void
}

export function createCancellations(): Cancellations {
  const running = new Map<string, Set<AbortController>>()
  return {
    begin(exchange, message) {
      const controller = new AbortController()
      const leave = () => controller.abort(exchange.signal.reason)
      exchange.signal.addEventListener('abort', leave, { once: true })
      const names = [message].flat().flatMap(each => nameOf(exchange, recordOf(each).id))
      for (const name of names) running.set(name, (running.get(name) ?? new Set()).add(controller))
      return {
        signal: controller.signal,
        wasCancelled: () => controller.signal.aborted && !exchange.signal.aborted,
        end() {
          exchange.signal.removeEventListener('abort', leave)
          for (const name of names) {
            const calls = running.get(name)
            calls?.delete(controller)
            if (calls?.size === 0) running.delete(name)
          }
        },
      }
    },
    follow(exchange, message) {
      for (const each of [message].flat()) {
        const { method, params } = recordOf(each)
        if (method !== 'notifications/cancelled') continue
        const calls = nameOf(exchange, recordOf(params).requestId).flatMap(name => [...(running.get(name) ?? [])])
        if (calls.length === 1) calls[0]?.abort()
      }
    },
  }
}

/** None for what has no ID. */
function nameOf({ caller, address, request }: Exchange, id: unknown): string[] {
  if (typeof id !== 'string' && typeof id !== 'number') return []
  return [JSON.stringify([caller.id, address, request.headers['user-agent'] ?? '', id])]
}
