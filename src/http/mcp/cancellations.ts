/**
 * Cancels calls of clients of the 2025 protocols. Their notification comes in a separate request, and this server has no
 * sessions: it means the one call in progress with that ID from the same key, address and program.
 */
import { recordIn } from '../../tools/json-values.ts'
import type { Exchange } from '../server/exchange.ts'

export interface Cancellable {
  /** Whether the caller cancelled one of the exchange's requests. */
  wasCancelled(): boolean
  end(): void
}

export interface Cancellations {
  begin(exchange: Exchange, message: unknown): Cancellable
  /** Follows the notifications among the messages. Two calls that cannot be told apart both go on. */
  follow(exchange: Exchange, message: unknown): void
}

export function createCancellations(): Cancellations {
  const running = new Map<string, Set<() => void>>()
  return {
    begin(exchange, message) {
      let wasCancelled = false
      const cancel = (): void => {
        wasCancelled = true
        exchange.abort()
      }
      const names = [message].flat().flatMap(each => nameOf(exchange, recordIn(each).id))
      for (const name of names) running.set(name, (running.get(name) ?? new Set()).add(cancel))
      return {
        wasCancelled: () => wasCancelled,
        end() {
          for (const name of names) {
            const calls = running.get(name)
            calls?.delete(cancel)
            if (calls?.size === 0) running.delete(name)
          }
        },
      }
    },
    follow(exchange, message) {
      for (const each of [message].flat()) {
        const { method, params } = recordIn(each)
        if (method !== 'notifications/cancelled') continue
        const calls = nameOf(exchange, recordIn(params).requestId).flatMap(name => [...(running.get(name) ?? [])])
        if (calls.length === 1) calls[0]?.()
      }
    },
  }
}

/** None for what has no ID. */
function nameOf({ caller, address, request }: Exchange, id: unknown): string[] {
  if (typeof id !== 'string' && typeof id !== 'number') return []
  return [JSON.stringify([caller.id, address, request.headers['user-agent'] ?? '', id])]
}
