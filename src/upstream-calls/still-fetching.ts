/** What a caller hears whose time is over while the answer that it paid for is still on the wire. */
import { AppError, partsOf } from '../errors.ts'
import type { CallOptions } from './call-options.ts'

/** The wire of one answer, shared by all who wait for it. */
export interface Wire {
  /** The call that began to fetch the answer, and pays for it. */
  readonly startedBy: CallOptions
  /** When its request went out, milliseconds since 1970; `null` while nothing is on the wire. */
  sentAt: number | null
  /** Credits that the requests before it cost. */
  creditsBefore: number
}

/** The wires of an upstream's answers, by name. */
export interface Wires {
  /** Fetches an answer, whose wire is known until it is done. */
  follow<T>(name: string, startedBy: CallOptions, fetch: (wire: Wire) => Promise<T>): Promise<T>
  /** What `call` throws instead of `thrown`: where its time is over and the answer is on the wire, an error that says when to ask again. */
  explain(thrown: unknown, name: string, call: CallOptions): unknown
}

export interface WiresOptions {
  creditsPerCall: number
  /** How long an answer may take on the wire. */
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
      // A fresh answer would be asked for again, and what is on the wire ends with the process.
      if (call.refresh || call.endsProcess || !isTimeOver(call.signal) || !wire || wire.sentAt === null) return thrown
      const creditsSpent = wire.startedBy === call ? wire.creditsBefore + creditsPerCall : 0
      return stillFetching(call.signal.reason, wire.sentAt + wireMs - now(), creditsSpent)
    },
  }
}

export function createWire(startedBy: CallOptions): Wire {
  return { startedBy, sentAt: null, creditsBefore: 0 }
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

/** Times are over by a TimeoutError or an AppError as the abort's reason; a caller that merely left hears nothing. */
function isTimeOver({ aborted, reason }: AbortSignal): boolean {
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
