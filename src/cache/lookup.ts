/** Finds an answer: from the cache, from another process that is fetching it, or from the upstream. */
import { randomUUID } from 'node:crypto'
import { type AppError, asAppError, throwIfAborted } from '../errors.ts'
import { type Clock, sleep } from '../time/clock.ts'
import type { CacheEntry, CacheStore, FlightEnd } from './cache-store.ts'
import { type Content, formatContent, parseContent } from './content.ts'
import { type CachePolicy, isWithin, staleStandsInFor } from './policy.ts'

/** How often a caller waiting for another process looks into the store. */
const LOOK_EVERY_MS = 75

/** Four heartbeats can be missed before the lease ends. */
const BEAT_EVERY_MS = 1_000

export interface LookupRequest {
  key: string
  policy: CachePolicy
  /** Ask the upstream even if a fresh answer is cached. */
  refresh: boolean
  /** Whether this version can read a cached value. */
  accepts(value: unknown): boolean
  fetch(signal: AbortSignal): Promise<{ value: unknown; creditsSpent: number }>
}

export interface Answer {
  content: Content
  /** Milliseconds since 1970. */
  retrievedAt: number
  /** Paid by the caller that fetched it. */
  creditsSpent: number
  /** Why a stale answer is given; `null` for a fresh one. */
  staleBecause: AppError | null
}

/** @param deps.store never rejects. */
export function createLookup({ store, clock }: { store: CacheStore; clock: Clock }) {
  /**
   * An expected failure of the upstream is an answer too.
   * @throws AppError `cancelled`, and unexpected errors as they are.
   */
  async function find(request: LookupRequest, signal: AbortSignal): Promise<Answer> {
    const flightId = randomUUID()
    const first = await store.look(request.key)
    for (let look = first; ; look = await store.look(request.key)) {
      const { entry, flight } = look
      const cached = entry && readEntry(entry, request)
      const cameMeanwhile = entry?.flightId !== first.entry?.flightId
      if (cached && (cameMeanwhile || (!request.refresh && isFresh(cached, request.policy)))) return cached
      // A failure in the first look belongs to a flight this call did not wait for.
      if (flight.state === 'failed' && look !== first)
        return settle(readFailure(flight.failure), cached, request.policy)
      if (flight.state !== 'fetching' && (await store.claim(request.key, flightId, entry?.flightId ?? null))) {
        return fetchUnderLease(request, flightId, cached, signal)
      }
      await sleep(clock, LOOK_EVERY_MS, signal)
    }
  }

  /** A fresh answer from the cache, or `null`. */
  async function getFresh(request: Pick<LookupRequest, 'key' | 'policy' | 'accepts'>): Promise<Answer | null> {
    const { entry } = await store.look(request.key)
    const cached = entry && readEntry(entry, request)
    return cached !== null && isFresh(cached, request.policy) ? cached : null
  }

  /** An answer from the cache that may stand in for one that cannot be fetched, or `null`. */
  async function getOlder(request: Pick<LookupRequest, 'key' | 'policy' | 'accepts'>): Promise<Answer | null> {
    const { entry } = await store.look(request.key)
    const cached = entry && readEntry(entry, request)
    return cached !== null && canStandIn(cached, request.policy) ? cached : null
  }

  async function fetchUnderLease(request: LookupRequest, flightId: string, cached: Answer | null, signal: AbortSignal) {
    const { key, policy } = request
    const stopBeating = startBeating(key, flightId)
    try {
      throwIfAborted(signal)
      const { value, creditsSpent } = await request.fetch(signal)
      const answer = answerOf({ value }, creditsSpent)
      await store.end(key, flightId, answeredWith(answer, Math.max(policy.freshMs, policy.staleMs)))
      return answer
    } catch (thrown) {
      const error = asAppError(thrown)
      await store.end(key, flightId, endOf(error, policy, signal.aborted))
      if (error.code === 'cancelled' || error.code === 'internal') throw thrown
      return settle(error, cached, policy)
    } finally {
      stopBeating()
    }
  }

  /** A stale answer if it may stand in for this error, else the error. */
  function settle(error: AppError, cached: Answer | null, policy: CachePolicy): Answer {
    const standsIn = cached && staleStandsInFor(error.code) && canStandIn(cached, policy)
    return standsIn ? { ...cached, staleBecause: error } : answerOf({ error }, error.creditsSpent)
  }

  function canStandIn({ content, retrievedAt }: Answer, policy: CachePolicy): boolean {
    return 'value' in content && isWithin(policy.staleMs, retrievedAt, clock.now())
  }

  function endOf(error: AppError, policy: CachePolicy, wasAborted: boolean): FlightEnd {
    if (error.code === 'not_found') return answeredWith(answerOf({ error }, error.creditsSpent), policy.negativeMs)
    // Other waiting callers must not see this call's cancellation: one of them takes over.
    if (wasAborted || error.code === 'cancelled') return { kind: 'abandoned' }
    return { kind: 'failed', failure: formatContent({ error }) }
  }

  function answerOf(content: Content, creditsSpent: number): Answer {
    return { content, retrievedAt: clock.now(), creditsSpent, staleBecause: null }
  }

  function isFresh({ content, retrievedAt }: Answer, policy: CachePolicy): boolean {
    return isWithin('error' in content ? policy.negativeMs : policy.freshMs, retrievedAt, clock.now())
  }

  function startBeating(key: string, flightId: string): () => void {
    let stopTimer = clock.setTimer(beat, BEAT_EVERY_MS)
    function beat(): void {
      stopTimer = clock.setTimer(beat, BEAT_EVERY_MS)
      void store.renew(key, flightId)
    }
    return () => stopTimer()
  }

  return { find, getFresh, getOlder }
}

function answeredWith({ content, retrievedAt, creditsSpent }: Answer, usefulMs: number): FlightEnd {
  const entry = { content: formatContent(content), retrievedAt, creditsSpent, uselessAt: retrievedAt + usefulMs }
  return { kind: 'answered', entry }
}

/** @returns `null` for an entry of another program version that this one cannot read. */
function readEntry(
  { content: text, retrievedAt, creditsSpent }: CacheEntry,
  request: Pick<LookupRequest, 'accepts'>,
): Answer | null {
  const content = parseContent(text)
  if (content === null || ('value' in content && !request.accepts(content.value))) return null
  return { content, retrievedAt, creditsSpent, staleBecause: null }
}

function readFailure(text: string): AppError {
  const content = parseContent(text)
  return content && 'error' in content
    ? content.error
    : asAppError(new Error("another process's failure could not be read"))
}
