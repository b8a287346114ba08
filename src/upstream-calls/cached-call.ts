/** One kind of call to an upstream that answers a single value, metered and cached. */
import type * as z from 'zod'
import type { CachePolicy } from '../cache/policy.ts'
import type { CacheKey } from '../cache/reply-cache.ts'
import type { Fetched } from '../offers/results/fetched.ts'
import type { Read } from '../upstreams/port.ts'
import type { Ability, CachedAnswer, MeteredCalls, UpstreamCallOptions } from './metered-call.ts'

/** @typeParam Query the ID of an offer or a shop, unless more is needed. */
export interface CachedCall<T, Query = string> {
  fetch(query: Query, call: UpstreamCallOptions): Promise<Fetched<T>>
  /** What it would cost now: 0 for a fresh cached answer. Asks no upstream. */
  cost(query: Query): Promise<number>
}

export interface CachedCallOptions<T, Query> {
  kind: CacheKey['kind']
  /** What tells one query from another. */
  idOf(query: Query): string
  policy: CachePolicy
  schema: z.ZodType<T>
  ability: Ability
  /** `null` if the upstream does not offer it. */
  read: Read<T, Query> | null
}

export function createCachedCall<T, Query>(
  { meteredCall, getFresh, priceOf }: MeteredCalls,
  { kind, idOf, policy, schema, ability, read }: CachedCallOptions<T, Query>,
): CachedCall<T, Query> | null {
  if (read === null) return null
  const answer = (query: Query): CachedAnswer<T> => ({ kind, id: idOf(query), policy, schema })
  return {
    fetch: (query, call) => meteredCall(answer(query), call, send => send(ability, signal => read(query, signal))),
    cost: async query => ((await getFresh(answer(query))) === null ? priceOf(answer(query)) : 0),
  }
}
