/** The reply cache: answers kept by meaning, so that no process on this machine pays for the same one twice. */
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

/** What an answer is an answer to. Only a hash of it is written. */
export interface CacheKey {
  /** Whose answer it is, for example upstream, base URL and a hash of the API key: nothing is shared between scopes. */
  scope: string
  kind: 'details' | 'index' | 'search' | 'handle' | 'keyword'
  /** What tells it from others of its kind, for example an offer id, or a picture's hash with page and size. */
  id: string
}

/** How an answer is asked for. */
export interface ThroughOptions<T> {
  /** Ends this caller's wait; the fetch ends when nobody waits any more. */
  signal: AbortSignal
  /** Checks a value that was kept as JSON, or fetched for another caller; `null` for one that is of no use any more, and is fetched again. */
  decode(json: unknown): T | null
  /** Asks the upstream though a fresh answer is kept. An answer that another caller gets in the meantime is as good. Default false. */
  refresh?: boolean
  /** Hears of the fetch's progress, also where another caller began it. */
  onProgress?: OnProgress
}

export interface ReplyCache {
  /**
   * Gives the answer that is kept, or the one of `fetch`. All callers who want the same at once, in whichever process, share one fetch
   * and what becomes of it: its answer, or its error.
   * @throws what `fetch` throws, where no old answer stands in; AppError `not_found` from memory, too; `cancelled` when `signal` aborts.
   */
  through<T>(
    key: CacheKey,
    policy: CachePolicy,
    fetch: (signal: AbortSignal, onProgress: OnProgress) => Promise<Pick<Fetched<T>, 'value' | 'creditsSpent'>>,
    options: ThroughOptions<T>,
  ): Promise<Fetched<T>>
  /** Whether an answer that is fetched now will be there for the next call. */
  readonly keepsAnswers: boolean
  /**
   * What {@link ReplyCache.through} would answer for nothing, a value of `null` being "not found"; `null` where it would have to fetch. Says
   * beforehand what a call will cost, and is not counted as a hit.
   */
  getFresh<T>(
    key: CacheKey,
    policy: CachePolicy,
    decode: ThroughOptions<T>['decode'],
  ): Promise<Fetched<T | null> | null>
  /** Counts a call that was answered by what its caller had of this cache before. */
  countHit(creditsSaved: number): void
  stats(): Promise<CacheStats>
  /** Aborts what is being fetched, and closes the store. */
  close(): Promise<void>
}

export interface ReplyCacheDeps {
  /** Where answers are kept. Default: nowhere; callers in this process still share a fetch. */
  store?: CacheStore
  clock: Clock
  logger: Logger
}

/** Makes the cache. It never fails for its store: without it, every call asks the upstream. */
export function createReplyCache({ store: givenStore = NULL_CACHE_STORE, clock, logger }: ReplyCacheDeps): ReplyCache {
  const store = createBestEffortStore(givenStore, logger)
  const flights = createSingleFlight<Answer>()
  const lookup = createLookup({ store, clock })
  const tally = createTally(store, clock)

  return {
    async through(key, policy, fetch, { signal, decode, refresh = false, onProgress }) {
      const digest = digestOf(key)
      const own: {
        asked: boolean
        fetched?: Awaited<ReturnType<typeof fetch>>
        read?: { json: unknown; value: ReturnType<typeof decode> }
      } = { asked: false }
      // What was found by this very call is decoded once, though it is looked at twice.
      const read = (json: unknown) => {
        if (own.read === undefined || own.read.json !== json) own.read = { json, value: decode(json) }
        return own.read.value
      }
      const fetchOwn = async (flightSignal: AbortSignal, onFetchProgress: OnProgress) => {
        own.asked = true
        own.fetched = await fetch(flightSignal, onFetchProgress)
        return own.fetched
      }
      const request = { key: digest, policy, refresh, accepts: (value: unknown) => read(value) !== null }
      // A call that insists on a new answer must not join one that may find a kept one.
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
      const fresh = await lookup.getFresh({ key: digestOf(key), policy, accepts: value => decode(value) !== null })
      if (fresh === null) return null
      const { content, retrievedAt } = fresh
      const value = 'error' in content ? null : decode(content.value)
      return { value, creditsSpent: 0, retrievedAt, staleBecause: null }
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

function digestOf({ scope, kind, id }: CacheKey): string {
  return createHash('sha256')
    .update(JSON.stringify([scope, kind, id]))
    .digest('base64url')
}

/** The answer as callers get it who did not ask: what its errors cost is told to the one who did. */
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
