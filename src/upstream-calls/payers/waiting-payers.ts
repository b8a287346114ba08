/** Decides who of those waiting for the same answer pays for a request: one of them, at the moment it is sent. */
import type { CallOptions, Payer } from '../call-options.ts'

export interface Payers {
  /** @returns ends the wait. */
  join(answer: string, call: CallOptions): () => void
  /** @param startedBy pays as long as it waits, and where nobody else does. */
  sentBy(answer: string, startedBy: CallOptions): Payer['sent']
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
    sentBy: (answer, startedBy) => () => {
      const calls = waiting.get(answer)
      const [first = startedBy] = calls ?? []
      const { payer } = calls?.has(startedBy) ? startedBy : first
      return payer?.sent() ?? (() => undefined)
    },
  }
}
