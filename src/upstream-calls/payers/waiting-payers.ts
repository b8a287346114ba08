/** Decides who of those waiting for the same answer pays for a request: one of them, at the moment it is sent. */
import type { CallOptions, Payer } from '../call-options.ts'

export interface Payers {
  /** @returns ends the wait. */
  join(answer: string, call: CallOptions): () => void
  /** Of one answer. @param startedBy pays as long as it waits, and where nobody else does. */
  of(answer: string, startedBy: CallOptions): Payer
}

export function createPayers(): Payers {
  /** In the order in which they came. */
  const waiting = new Map<string, Set<CallOptions>>()
  return {
    join(answer, call) {
      const calls = waiting.get(answer) ?? new Set()
      waiting.set(answer, calls.add(call))
      return () => {
        calls.delete(call)
        if (calls.size === 0 && waiting.get(answer) === calls) waiting.delete(answer)
      }
    },
    of(answer, startedBy) {
      const payer = () => {
        const calls = waiting.get(answer)
        const [first = startedBy] = calls ?? []
        return (calls?.has(startedBy) ? startedBy : first).payer
      }
      return {
        reserve: async credits => payer()?.reserve(credits),
        sent: () => payer()?.sent() ?? (() => undefined),
      }
    },
  }
}
