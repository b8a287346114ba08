/** One call to an upstream: through the cache, the breaker and the gate to the wire, in that order. */
import type * as z from 'zod'
import type { CachePolicy } from '../cache/policy.ts'
import type { CacheKey, ReplyCache } from '../cache/reply-cache.ts'
import type { OnProgress } from '../cache/single-flight.ts'
import type { Gate, WireCall } from '../limits/gate/gate.ts'
import type { WaitProgress } from '../limits/gate/patience.ts'
import type { Plan } from '../limits/ledger/refusal.ts'
import type { Fetched } from '../offers/results/fetched.ts'
import type { CallOptions } from './call-options.ts'
import type { Breaker } from './circuit-breaker.ts'
import { createWire, createWires, timed, type Wire } from './still-fetching.ts'

export interface UpstreamCallOptions extends CallOptions {
  /** How long it waits for the limits, in milliseconds, before it says when to come back. Default: that of the gate. */
  maxWaitMs?: number
}

/** How calls of a metered upstream are cached and limited. */
export interface Metering {
  gate: Gate
  cache: ReplyCache
  /** Separates this key at this upstream from all others. */
  scope: string
  plan: Plan
  /** How long an answer may take on the wire. */
  wireMs: number
}

/** What an upstream does; each can fail by itself. */
export type Ability = 'index' | 'pictures' | 'keywords' | 'details'

export interface MeteredCallsDeps {
  /** What a call is expected to cost. */
  creditsPerCall: number
  /** `null` for an upstream that is free, unlimited and at hand. */
  metering: Metering | null
  /** The breaker of each ability; `null` where no other upstream could answer in the meantime. */
  breakerOf: ((ability: Ability) => Breaker) | null
  now: () => number
}

/** What an answer is cached under, and what it must look like when it is taken out again. */
export interface CachedAnswer<T> {
  kind: CacheKey['kind']
  id: string
  policy: CachePolicy
  schema: z.ZodType<T>
  /** Calls that it takes to fetch it. Default: one. */
  calls?: () => Promise<number>
}

/** Sends one request, past the cache but through breaker and gate. */
export type Send = <T>(ability: Ability, work: WireCall<T>) => Promise<Fetched<T>>

/**
 * Fetches an answer that is not cached.
 * @param call for calls that belong to this one. Its signal ends when nobody waits any more, its progress reaches everybody who does, and
 * its credits are reserved already: others may be waiting for the same answer.
 */
export type FetchAnswer<T> = (send: Send, call: UpstreamCallOptions, wire: Wire) => Promise<Fetched<T>>

export interface MeteredCalls {
  meteredCall<T>(answer: CachedAnswer<T>, call: UpstreamCallOptions, fetch: FetchAnswer<T>): Promise<Fetched<T>>
  /** The answer that a call would get for nothing, a value of `null` being "not found"; `null` where it would have to ask the upstream. */
  getFresh<T>(answer: CachedAnswer<T>): Promise<Fetched<T | null> | null>
}

export function createMeteredCalls({ creditsPerCall, metering, breakerOf, now }: MeteredCallsDeps): MeteredCalls {
  if (metering === null) return createUnmeteredCalls(now)
  const { cache, gate, scope, wireMs } = metering
  const wires = createWires({ creditsPerCall, wireMs, now })

  async function meteredCall<T>(answer: CachedAnswer<T>, call: UpstreamCallOptions, fetch: FetchAnswer<T>) {
    const { kind, id, policy, schema } = answer
    const name = `${kind} ${id}`
    // Before others can join: what this caller may not spend is not their failure.
    if (call.payer && (call.refresh || (await getFresh(answer)) === null)) {
      await call.payer.reserve(creditsPerCall * ((await answer.calls?.()) ?? 1))
    }
    const fetchUncached = (signal: AbortSignal, onProgress: OnProgress) =>
      wires.follow(name, call, wire => {
        const onWaiting = ({ retryAfterMs }: WaitProgress) =>
          onProgress(`waiting about ${Math.ceil(retryAfterMs / 1000)} s for the rate limit`)
        const send: Send = (ability, work) => {
          const options = { signal, credits: creditsPerCall, maxWaitMs: call.maxWaitMs, onWaiting }
          const passGate = () => gate.run(timed(wire, now, work), options)
          return breakerOf ? breakerOf(ability).run(passGate) : passGate()
        }
        const shared: UpstreamCallOptions = { ...call, signal, onProgress: ({ message }) => onProgress(message) }
        return fetch(send, { ...shared, payer: undefined }, wire)
      })
    try {
      return await cache.through({ scope, kind, id }, policy, fetchUncached, {
        signal: call.signal,
        refresh: call.refresh ?? false,
        onProgress: message => call.onProgress?.({ done: 0, message }),
        decode: decoderOf(schema),
      })
    } catch (thrown) {
      throw cache.keepsAnswers ? wires.explain(thrown, name, call) : thrown
    }
  }

  async function getFresh<T>({ kind, id, policy, schema }: CachedAnswer<T>) {
    return cache.getFresh({ scope, kind, id }, policy, decoderOf(schema))
  }

  return { meteredCall, getFresh }
}

function createUnmeteredCalls(now: () => number): MeteredCalls {
  return {
    meteredCall(_answer, call, fetch) {
      const send: Send = async (_ability, work) => {
        const { value } = await work(call.signal)
        return { value, creditsSpent: 0, retrievedAt: now(), staleBecause: null }
      }
      return fetch(send, call, createWire(call))
    },
    getFresh: async () => null,
  }
}

function decoderOf<T>(schema: z.ZodType<T>): (json: unknown) => T | null {
  return json => schema.safeParse(json).data ?? null
}
