/** Owns one question to an upstream: the cache, then the breaker, then the gate of the ledger with its retries, in that order. */
import type { z } from 'zod'
import type { CachePolicy } from '../cache/policy.ts'
import type { CacheKey, KeptReply, ReplyCache } from '../cache/reply-cache.ts'
import type { Tell } from '../cache/single-flight.ts'
import type { AppError } from '../errors.ts'
import type { Gate, Paid, WireCall } from '../limits/gate/gate.ts'
import type { Plan } from '../limits/ledger/refusal.ts'
import type { CallOptions } from './call-options.ts'
import type { Breaker } from './circuit-breaker.ts'
import { createWires, isTimeOver, stillFetching, timed, type Wire } from './still-fetching.ts'

/** What was fetched, and what that cost. */
export interface Fetched<T> {
  value: T
  /** Credits that this very call spent: 0 for a hit of the cache. */
  creditsSpent: number
  /** When it was fetched, milliseconds since 1970. */
  retrievedAt: number
  /** Why an older answer stands in for one that could not be fetched; `null` where it does not. */
  staleBecause: AppError | null
}

/** What a client needs to know of the call that it serves. */
export interface ClientCall extends CallOptions {
  /** How long it waits for the limits, in milliseconds, before it says when to come back. Default: that of the gate. */
  maxWaitMs?: number
}

/** How calls of a metered upstream are kept and limited. */
export interface Metering {
  gate: Gate
  cache: ReplyCache
  /** Tells this key at this upstream from all others. */
  scope: string
  plan: Plan
  /** How long an answer may take on the wire. */
  wireMs: number
}

/** What a client does; each can fail by itself. */
export type Ability = 'index' | 'pictures' | 'keywords' | 'details'

/** What {@link createAsking} needs. */
export interface AskingDeps {
  /** What a call is expected to cost. */
  creditsPerCall: number
  /** `null` for an upstream that is free, unlimited and at hand. */
  metering: Metering | null
  /** The breaker of each ability; `null` where no other upstream could answer in the meantime. */
  breakerOf: ((ability: Ability) => Breaker) | null
  now: () => number
}

/** What an answer is kept under, and what it must look like when it is taken out again. */
export interface Kept<T> {
  kind: CacheKey['kind']
  id: string
  policy: CachePolicy
  schema: z.ZodType<T>
  /** Calls that it takes to get it. Default: one. */
  calls?: () => Promise<number>
}

/** Gets an answer from the upstream, and tells whoever waits for it that it has to wait itself. */
export type Fetch<T> = (signal: AbortSignal, tell: Tell, wire: Wire) => Promise<Paid<T>>

/** The two halves of every question. */
export interface Asking {
  /** The call: through the breaker and the gate. */
  pay<T>(ability: Ability, call: ClientCall, work: WireCall<T>): Fetch<T>
  /** The answer that is kept, or the one of `fetch`. */
  keep<T>(kept: Kept<T>, call: ClientCall, fetch: Fetch<T>): Promise<Fetched<T>>
  /** The answer that is kept and fresh, so that it would cost nothing; else `null`. Asks nobody. */
  getKept<T>(kept: Kept<T>): Promise<KeptReply<T> | null>
}

/** Makes the questions to one upstream. */
export function createAsking({ creditsPerCall, metering, breakerOf, now }: AskingDeps): Asking {
  const wires = createWires()

  const pay: Asking['pay'] =
    (ability, { maxWaitMs }, work) =>
    async (signal, tell, wire) => {
      if (metering === null) return { value: (await work(signal)).value, creditsSpent: 0 }
      const onWaiting = ({ retryAfterMs }: { retryAfterMs: number }) =>
        tell(`waiting about ${Math.ceil(retryAfterMs / 1000)} s for the rate limit`)
      const options = { signal, credits: creditsPerCall, onWaiting, ...(maxWaitMs === undefined ? {} : { maxWaitMs }) }
      const run = () => metering.gate.run(timed(wire, now, work), options)
      return breakerOf ? breakerOf(ability).run(run) : run()
    }

  const keep: Asking['keep'] = async (kept, call, fetch) => {
    if (metering === null) {
      const answer = await wires.follow('', wire => fetch(call.signal, teller(call), wire))
      return { ...answer, retrievedAt: now(), staleBecause: null }
    }
    // Before others can join: what this caller may not spend is no answer for them.
    if (call.payer && (call.refresh || (await getKept(kept)) === null)) {
      await call.payer.reserve(creditsPerCall * ((await kept.calls?.()) ?? 1))
    }
    const { kind, id, policy, schema } = kept
    const question = `${kind} ${id}`
    const own: { wire?: Wire } = {}
    const fetchOn = (signal: AbortSignal, tell: Tell) =>
      wires.follow(question, wire => {
        own.wire = wire
        return fetch(signal, tell, wire)
      })
    try {
      return await metering.cache.through({ scope: metering.scope, kind, id }, policy, fetchOn, {
        signal: call.signal,
        refresh: call.refresh ?? false,
        onNews: teller(call),
        decode: decoderOf(schema),
      })
    } catch (thrown) {
      const wire = wires.get(question)
      const isTold = !call.refresh && !call.endsProcess && isTimeOver(call.signal) && metering.cache.keepsAnswers
      if (!isTold || !wire || wire.sentAt === null) throw thrown
      const waitMs = wire.sentAt + metering.wireMs - now()
      throw stillFetching(call.signal.reason, waitMs, wire === own.wire ? wire.creditsBefore + creditsPerCall : 0)
    }
  }

  const getKept: Asking['getKept'] = async ({ kind, id, policy, schema }) =>
    (await metering?.cache.getKept({ scope: metering.scope, kind, id }, policy, decoderOf(schema))) ?? null

  return { pay, keep, getKept }
}

/** Passes news on to a caller. */
export function teller({ onProgress }: ClientCall): Tell {
  return message => onProgress?.({ done: 0, message })
}

function decoderOf<T>(schema: z.ZodType<T>): (json: unknown) => T | null {
  return json => schema.safeParse(json).data ?? null
}
