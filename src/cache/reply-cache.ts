/** The reply cache: answers by meaning, so that no process pays twice for the same one. */
import { createHash } from 'node:crypto'
import { AppError, partsOf } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { Fetched } from '../offers/results/fetched.ts'
import type { CacheStats } from '../offers/results/usage.ts'
import type { Clock } from '../time/clock.ts'
import { createBestEffortStore } from './best-effort-store.ts'
import { type CacheStore, NULL_CACHE_STORE } from './cache-store.ts'
import { type Answer, createLookup } from './lookup.ts'
import type { CachePolicy } from './policy.ts'
import { createSingleFlight, type OnProgress } from './single-flight.ts'
import { createTally } from './tally.ts'

/** Only a hash of it is stored. */
export interface CacheKey {
  /** Nothing is shared between scopes, for example upstream, base URL and a hash of the API key. */
  scope: string
  kind:
    | 'details'
    | 'index'
    | 'search'
    | 'handle'
    | 'keyword'
    | 'shop'
    | 'shop_offers'
    | 'reviews'
    | 'sales'
    | 'description'
    | 'freight'
  /** For example an offer ID, or a picture's hash with page and size. */
  id: string
}

export interface ThroughOptions<T> {
  /** Ends this caller's wait; the fetch ends once no caller is waiting. */
  signal: AbortSignal
  /**
   * Reads a value that was cached or fetched for another caller; `null` if it cannot be used and must be fetched again.
   */
  decode(json: unknown): T | null
  /** Ask the upstream even if a fresh answer is cached, unless another caller gets one meanwhile. Default false. */
  refresh?: boolean
  /** Receives the fetch's progress, even if another caller started it. */
  onProgress?: OnProgress
}

export interface ReplyCache {
  /**
   * Returns the cached answer or that of `fetch`. Concurrent callers, in any process, share one fetch and its result.
   * @throws what `fetch` throws if no stale answer stands in; AppError `not_found`, also from the cache; `cancelled`
   * when `signal` aborts.
   */
  through<T>(
    key: CacheKey,
    policy: CachePolicy,
    fetch: (signal: AbortSignal, onProgress: OnProgress) => Promise<Pick<Fetched<T>, 'value' | 'creditsSpent'>>,
    options: ThroughOptions<T>,
  ): Promise<Fetched<T>>
  /** Whether an answer fetched now will be cached for the next call. */
  readonly keepsAnswers: boolean
  /**
   * The answer {@link ReplyCache.through} would give without fetching (a value of `null` means "not found"), else
   * `null`. Used to price a call; not counted as a hit.
   */
  getFresh<T>(
    key: CacheKey,
    policy: CachePolicy,
    decode: ThroughOptions<T>['decode'],
  ): Promise<Fetched<T | null> | null>
  /** The cached answer, fresh or stale, that {@link ReplyCache.through} would give if a fetch failed, else `null`. */
  getOlder<T>(key: CacheKey, policy: CachePolicy, decode: ThroughOptions<T>['decode']): Promise<Fetched<T> | null>
  /** Counts a call answered from a copy that the caller kept. */
  countHit(creditsSaved: number): void
  stats(): Promise<CacheStats>
  /** Aborts all fetches and closes the store. */
  close(): Promise<void>
}

export interface ReplyCacheDeps {
  /** Default: none; concurrent callers in this process still share a fetch. */
  store?: CacheStore
  clock: Clock
  logger: Logger
}

/** A failing store never fails a call: it then asks the upstream. */
export function createReplyCache({ store: givenStore = NULL_CACHE_STORE, clock, logger }: ReplyCacheDeps): ReplyCache {
  const store = createBestEffortStore(givenStore, logger)
  const flights = createSingleFlight<Answer>()
  const lookup = createLookup({ store, clock })
  const tally = createTally(store, clock)

  return {
    async through(key, policy, fetch, { signal, decode, refresh = false, onProgress }) {
      const digest = digestOf(key)
      const own: { asked: boolean; fetched?: Awaited<ReturnType<typeof fetch>> } = { asked: false }
      const read = decodingOnce(decode)
      const fetchOwn = async (flightSignal: AbortSignal, onFetchProgress: OnProgress) => {
        own.asked = true
        own.fetched = await fetch(flightSignal, onFetchProgress)
        return own.fetched
      }
      const request = { key: digest, policy, refresh, accepts: (value: unknown) => read(value) !== null }
      // A refreshing call must not join one that may return a cached answer.
      const flight = refresh ? `refresh ${digest}` : digest
      const find = (flightSignal: AbortSignal, onFetchProgress: OnProgress) =>
        lookup.find({ ...request, fetch: itsSignal => fetchOwn(itsSignal, onFetchProgress) }, flightSignal)
      const answer = await flights.join(flight, signal, find, onProgress)
      if (own.asked) tally.miss()
      else tally.hit(answer.creditsSpent)
      const { content, retrievedAt, staleBecause } = own.asked ? answer : withoutCredits(answer)
      if ('error' in content) throw content.error
      const value = own.fetched ? own.fetched.value : read(content.value)
      if (value === null)
        throw new Error(`an answer of kind ${key.kind} that was fetched for another caller does not decode`)
      const creditsSpent = own.fetched?.creditsSpent ?? staleBecause?.creditsSpent ?? 0
      return { value, creditsSpent, retrievedAt, staleBecause }
    },
    async getFresh(key, policy, decode) {
      const read = decodingOnce(decode)
      const fresh = await lookup.getFresh({ key: digestOf(key), policy, accepts: value => read(value) !== null })
      if (fresh === null) return null
      const { content, retrievedAt } = fresh
      const value = 'error' in content ? null : read(content.value)
      return { value, creditsSpent: 0, retrievedAt, staleBecause: null }
    },
    async getOlder(key, policy, decode) {
      const read = decodingOnce(decode)
      const older = await lookup.getOlder({ key: digestOf(key), policy, accepts: value => read(value) !== null })
      const value = older && 'value' in older.content ? read(older.content.value) : null
      return older && value !== null
        ? { value, creditsSpent: 0, retrievedAt: older.retrievedAt, staleBecause: null }
        : null
    },
    countHit: tally.hit,
    get keepsAnswers() {
      return store.works
    },
    async stats() {
      await tally.flush()
      return store.stats()
    },
    async close() {
      await flights.close()
      await tally.flush()
      await store.close()
    },
  }
}

/** Decodes an answer once, although the lookup and its caller both read it. */
function decodingOnce<T>(decode: (json: unknown) => T | null): (json: unknown) => T | null {
  let last: { json: unknown; value: T | null } | undefined
  return json => {
    if (last === undefined || last.json !== json) last = { json, value: decode(json) }
    return last.value
  }
}

function digestOf({ scope, kind, id }: CacheKey): string {
  return createHash('sha256')
    .update(JSON.stringify([scope, kind, id]))
    .digest('base64url')
}

/** For callers that joined the fetch: the cost of an error is reported only to the caller that started it. */
function withoutCredits(answer: Answer): Answer {
  const { content, staleBecause } = answer
  return {
    ...answer,
    content: 'error' in content ? { error: forFree(content.error) } : content,
    staleBecause: staleBecause && forFree(staleBecause),
  }
}

function forFree(error: AppError): AppError {
  return new AppError({ ...partsOf(error), creditsSpent: 0 })
}
