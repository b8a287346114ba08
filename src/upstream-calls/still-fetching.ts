/** What a caller is told whose time is over while the answer that it paid for is still on the wire. */
import { AppError, partsOf } from '../errors.ts'

/** The wire of one question, shared by all who ask it at once. */
export interface Wire {
  /** When its request went out, milliseconds since 1970; `null` while nothing is on the wire. */
  sentAt: number | null
  /** Credits that the requests before it cost. */
  creditsBefore: number
}

/** The wires of an upstream's questions. */
export interface Wires {
  get(question: string): Wire | undefined
  /** Does the work of one question, whose wire is known until it is done. */
  follow<T>(question: string, work: (wire: Wire) => Promise<T>): Promise<T>
}

export function createWires(): Wires {
  const wires = new Map<string, Wire>()
  return {
    get: question => wires.get(question),
    async follow(question, work) {
      const wire = { sentAt: null, creditsBefore: 0 }
      wires.set(question, wire)
      try {
        return await work(wire)
      } finally {
        if (wires.get(question) === wire) wires.delete(question)
      }
    },
  }
}

/** `work` that notes on `wire` that it is under way. */
export function timed<T>(
  wire: Wire,
  now: () => number,
  work: (signal: AbortSignal) => Promise<T>,
): (signal: AbortSignal) => Promise<T> {
  return async signal => {
    wire.sentAt = now()
    try {
      return await work(signal)
    } finally {
      wire.sentAt = null
    }
  }
}

/** Times are over by a TimeoutError or an AppError as the abort's reason; whoever merely left is told nothing. */
export function isTimeOver({ aborted, reason }: AbortSignal): boolean {
  return aborted && (reason instanceof AppError || (reason instanceof Error && reason.name === 'TimeoutError'))
}

/** @param waitMs how long the answer may still take. */
export function stillFetching(reason: unknown, waitMs: number, creditsSpent: number): AppError {
  const retryAfterMs = Math.max(1_000, waitMs)
  const parts =
    reason instanceof AppError
      ? partsOf(reason)
      : { code: 'deadline_exceeded' as const, message: 'The answer did not come in time.' }
  return new AppError({
    ...parts,
    hint: `It is still being fetched: ask again in about ${Math.ceil(retryAfterMs / 1000)} s; once it has come, it costs nothing more.`,
    retryable: true,
    retryAfterMs,
    creditsSpent,
    isUnderWay: true,
  })
}
