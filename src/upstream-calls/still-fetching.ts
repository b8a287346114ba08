/** The error for a caller whose time runs out while the answer it paid for is still on the wire. */
import { AppError, partsOf } from '../errors.ts'
import type { CallOptions } from './call-options.ts'

/** An answer being fetched, shared by all callers waiting for it. */
export interface Wire {
  /** The call that started the fetch and pays for it. */
  readonly startedBy: CallOptions
  /** When its request was sent, milliseconds since 1970; `null` while there is none. */
  sentAt: number | null
  /** Credits spent by earlier requests for the same answer. */
  creditsBefore: number
}

export interface Wires {
  /** Runs `fetch` and tracks its wire until it is done. */
  follow<T>(name: string, startedBy: CallOptions, fetch: (wire: Wire) => Promise<T>): Promise<T>
  /** Replaces `thrown` with an error that says when to ask again, if the call ran out of time during a request. */
  explain(thrown: unknown, name: string, call: CallOptions): unknown
}

export interface WiresOptions {
  creditsPerCall: number
  wireMs: number
  now: () => number
}

export function createWires({ creditsPerCall, wireMs, now }: WiresOptions): Wires {
  const wires = new Map<string, Wire>()
  return {
    async follow(name, startedBy, fetch) {
      const wire = createWire(startedBy)
      wires.set(name, wire)
      try {
        return await fetch(wire)
      } finally {
        if (wires.get(name) === wire) wires.delete(name)
      }
    },
    explain(thrown, name, call) {
      const wire = wires.get(name)
      // Asking again would not help: a refresh starts over, and a process that ends takes the request with it.
      if (call.refresh || call.endsProcess || !isTimeOver(call.signal) || !wire || wire.sentAt === null) return thrown
      const creditsSpent = wire.startedBy === call ? wire.creditsBefore + creditsPerCall : 0
      return stillFetching(call.signal.reason, wire.sentAt + wireMs - now(), creditsSpent)
    },
  }
}

export function createWire(startedBy: CallOptions): Wire {
  return { startedBy, sentAt: null, creditsBefore: 0 }
}

/** Records on `wire` when `work` is running. */
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

/** A time limit aborts with a TimeoutError or an AppError, a cancelling caller with any other reason. */
function isTimeOver({ aborted, reason }: AbortSignal): boolean {
  return aborted && (reason instanceof AppError || (reason instanceof Error && reason.name === 'TimeoutError'))
}

/** @param waitMs how much longer the answer may take. */
export function stillFetching(reason: unknown, waitMs: number, creditsSpent: number): AppError {
  const retryAfterMs = Math.max(1_000, waitMs)
  const parts =
    reason instanceof AppError
      ? partsOf(reason)
      : { code: 'deadline_exceeded' as const, message: 'The answer did not arrive in time.' }
  return new AppError({
    ...parts,
    hint: `It is still being fetched: ask again in about ${Math.ceil(retryAfterMs / 1000)} s, at no further cost.`,
    retryable: true,
    retryAfterMs,
    creditsSpent,
    isUnderWay: true,
  })
}
