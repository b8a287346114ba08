/** One call to an upstream: through the cache, the breaker and the gate to the wire, in that order. */
import type * as z from 'zod'
import { type CachePolicy, staleStandsInFor } from '../cache/policy.ts'
import type { CacheKey, ReplyCache } from '../cache/reply-cache.ts'
import type { OnProgress } from '../cache/single-flight.ts'
import { AppError, asAppError } from '../errors.ts'
import type { Gate, WireCall } from '../limits/gate/gate.ts'
import type { WaitProgress } from '../limits/gate/patience.ts'
import type { Plan } from '../limits/ledger/allowance.ts'
import { type Fetched, fetchedNow } from '../offers/results/fetched.ts'
import type { CallOptions } from './call-options.ts'
import type { Breaker } from './circuit-breaker.ts'
import { createPayers } from './payers/waiting-payers.ts'
import { createWire, createWires, timed, type Wire } from './still-fetching.ts'

export interface UpstreamCallOptions extends CallOptions {
  /** How long the call may wait for the limits. Default: that of the gate. */
  maxWaitMs?: number
  /** Set for nested calls: reserves requests beyond those of the answer's price. @throws as `payer.reserve`. */
  reserveMore?: (requests: number) => Promise<void>
}

export interface Metering {
  gate: Gate
  cache: ReplyCache
  /** The cache scope of this key at this upstream. */
  scope: string
  plan: Plan
  /** How long an answer may take on the wire. */
  wireMs: number
}

/** What an upstream offers; each ability can fail separately. */
export type Ability = 'index' | 'pictures' | 'keywords' | 'shops' | 'extras' | 'details'

export interface MeteredCallsDeps {
  creditsPerCall: number
  /** `null` for an upstream that is free, unlimited and local. */
  metering: Metering | null
  /** `null` if no other upstream could answer meanwhile. */
  breakerOf: ((ability: Ability) => Breaker) | null
  now: () => number
}

export interface CachedAnswer<T> {
  kind: CacheKey['kind']
  id: string
  policy: CachePolicy
  schema: z.ZodType<T>
  /** Calls needed to fetch it. Default: one. */
  calls?: () => Promise<number>
}

/** Sends one request through breaker and gate, not the cache. */
export type Send = <T>(ability: Ability, work: WireCall<T>) => Promise<Fetched<T>>

/**
 * Fetches an answer that is not cached.
 * @param call for nested calls. Since others may wait for the same answer, its signal aborts once no caller is waiting,
 * its progress reaches all of them, and its credits are already reserved.
 */
export type FetchAnswer<T> = (send: Send, call: UpstreamCallOptions, wire: Wire) => Promise<Fetched<T>>

export interface MeteredCalls {
  meteredCall<T>(answer: CachedAnswer<T>, call: UpstreamCallOptions, fetch: FetchAnswer<T>): Promise<Fetched<T>>
  /**
   * The answer a call would get for free (a value of `null` means "not found"), or `null` if it would cost something.
   */
  getFresh<T>(answer: CachedAnswer<T>): Promise<Fetched<T | null> | null>
  /** Whether a kept answer, of whatever age, would stand in for one that may not be paid for. */
  hasOlder<T>(answer: CachedAnswer<T>): Promise<boolean>
  /** What fetching the answer costs, whether or not it is cached. */
  priceOf<T>(answer: CachedAnswer<T>): Promise<number>
}

export function createMeteredCalls({ creditsPerCall, metering, breakerOf, now }: MeteredCallsDeps): MeteredCalls {
  if (metering === null) return createUnmeteredCalls(now)
  const { cache, gate, scope, wireMs } = metering
  const wires = createWires({ creditsPerCall, wireMs, now })
  const payers = createPayers()

  async function meteredCall<T>(answer: CachedAnswer<T>, call: UpstreamCallOptions, fetch: FetchAnswer<T>) {
    const { kind, id, policy, schema } = answer
    const name = `${kind} ${id}`
    // A refreshing call shares nothing with the others.
    const line = `${call.refresh ? 'refresh ' : ''}${name}`
    // Before others can join, so that this caller's lack of credits does not fail them.
    const older = await reserve(answer, call)
    if (older) return older
    const leave = payers.join(line, call)
    const paying = payers.of(line, call)
    const fetchUncached = (signal: AbortSignal, onProgress: OnProgress) =>
      wires.follow(name, call, wire => {
        const onWaiting = ({ retryAfterMs }: WaitProgress) =>
          onProgress(`waiting about ${Math.ceil(retryAfterMs / 1000)} s for the rate limit`)
        const send: Send = (ability, work) => {
          const { maxWaitMs } = call
          const options = { signal, credits: creditsPerCall, maxWaitMs, onWaiting, onSent: paying.sent }
          const passGate = () => gate.run(timed(wire, now, work), options)
          return breakerOf ? breakerOf(ability).run(passGate) : passGate()
        }
        const shared: UpstreamCallOptions = { ...call, signal, onProgress: ({ message }) => onProgress(message) }
        const payer = call.payer && { reserve: async () => undefined, sent: paying.sent }
        const reserveMore = (requests: number) => paying.reserve(requests * creditsPerCall)
        return fetch(send, { ...shared, payer, reserveMore }, wire)
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
    } finally {
      leave()
    }
  }

  /** @returns a kept answer if no new one may be paid for. @throws AppError of the payer if there is none. */
  async function reserve<T>(answer: CachedAnswer<T>, { payer, refresh }: UpstreamCallOptions) {
    if (!payer || (!refresh && (await getFresh(answer)) !== null)) return null
    try {
      await payer.reserve(await priceOf(answer))
      return null
    } catch (thrown) {
      const older = thrown instanceof AppError && staleStandsInFor(thrown.code) ? await getOlder(answer) : null
      if (older === null) throw thrown
      return { ...older, staleBecause: asAppError(thrown) }
    }
  }

  async function getFresh<T>({ kind, id, policy, schema }: CachedAnswer<T>) {
    return cache.getFresh({ scope, kind, id }, policy, decoderOf(schema))
  }

  async function getOlder<T>({ kind, id, policy, schema }: CachedAnswer<T>) {
    return cache.getOlder({ scope, kind, id }, policy, decoderOf(schema))
  }

  async function hasOlder<T>(answer: CachedAnswer<T>) {
    return (await getOlder(answer)) !== null
  }

  async function priceOf<T>({ calls }: CachedAnswer<T>) {
    return creditsPerCall * ((await calls?.()) ?? 1)
  }

  return { meteredCall, getFresh, hasOlder, priceOf }
}

function createUnmeteredCalls(now: () => number): MeteredCalls {
  return {
    meteredCall(_answer, call, fetch) {
      const send: Send = async (_ability, work) => {
        const { value } = await work(call.signal)
        return fetchedNow(value, now())
      }
      return fetch(send, call, createWire(call))
    },
    getFresh: async () => null,
    hasOlder: async () => false,
    priceOf: async () => 0,
  }
}

function decoderOf<T>(schema: z.ZodType<T>): (json: unknown) => T | null {
  return json => schema.safeParse(json).data ?? null
}
