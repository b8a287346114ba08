/** The messages of a batch (protocol of 2025-03-26) are answered together, in one list. */
import type { JSONRPCMessage } from '@modelcontextprotocol/server'

type Id = string | number

interface Batch {
  waitsFor: Set<Id>
  answers: unknown[]
}

export interface Batches {
  /**
   * @param answers to messages that were refused already.
   * @returns the list to be written if nothing is waited for, else `null`.
   */
  open(requests: readonly Id[], answers: readonly unknown[]): unknown[] | null
  /**
   * Keeps an answer that belongs to a batch.
   * @returns the list to be written if it was the last, an empty one if others are missing, `null` for an answer of its
   * own.
   */
  take(answer: JSONRPCMessage): unknown[] | null
  /** A cancelled request is not answered. @returns as {@link Batches.take}. */
  drop(id: Id): unknown[] | null
}

export function createBatches(): Batches {
  const batchOf = new Map<Id, Batch>()
  const leave = (id: Id, answer: unknown[]): unknown[] | null => {
    const batch = batchOf.get(id)
    if (batch === undefined) return null
    batchOf.delete(id)
    batch.waitsFor.delete(id)
    batch.answers.push(...answer)
    return batch.waitsFor.size === 0 ? batch.answers : []
  }
  return {
    open(requests, answers) {
      const batch = { waitsFor: new Set(requests), answers: [...answers] }
      for (const id of batch.waitsFor) batchOf.set(id, batch)
      return batch.waitsFor.size === 0 ? batch.answers : null
    },
    take: answer =>
      'method' in answer || !('id' in answer) || answer.id === undefined ? null : leave(answer.id, [answer]),
    drop: id => leave(id, []),
  }
}
