/** Picture search at an upstream: each picture is uploaded once, and its handle serves every page. */
import * as z from 'zod'
import { AppError, type ErrorCode, withMoreCredits } from '../errors.ts'
import { type Fetched, fetchedNow } from '../offers/results/fetched.ts'
import type { OfferPage, PageQuery, PictureMatcher, QueryPicture } from '../upstreams/port.ts'
import { createCachedSearch, type UpstreamSearch } from './cached-search.ts'
import type { CachedAnswer, MeteredCalls, Send, UpstreamCallOptions } from './metered-call.ts'
import type { Wire } from './still-fetching.ts'

/**
 * How a search fails when its handle has expired: the ID is rejected, or the converted copy's address no longer works.
 */
const HANDLE_EXPIRED: ReadonlySet<ErrorCode> = new Set(['upstream_rejected', 'picture_unreachable'])

export function createPictureSearch(
  pictures: PictureMatcher,
  calls: MeteredCalls,
  now: () => number,
): UpstreamSearch<QueryPicture> {
  const handlePolicy = { freshMs: pictures.handleTtlMs, staleMs: 0, negativeMs: 0 }

  const handleAnswer = ({ sha256 }: QueryPicture): CachedAnswer<string> => {
    return { kind: 'handle', id: sha256, policy: handlePolicy, schema: z.string() }
  }

  async function fetchHandle(picture: QueryPicture, call: UpstreamCallOptions): Promise<Fetched<string>> {
    const handle = pictures.handleOf(picture)
    if (handle !== null) return fetchedNow(handle, now())
    return calls.meteredCall(handleAnswer(picture), call, send =>
      send('pictures', signal => pictures.register(picture, signal)),
    )
  }

  async function callsFor(picture: QueryPicture): Promise<number> {
    const hasHandle = pictures.handleOf(picture) !== null || (await calls.getFresh(handleAnswer(picture))) !== null
    return hasHandle ? 1 : 2
  }

  async function fetchMatches(
    picture: QueryPicture,
    page: PageQuery,
    send: Send,
    call: UpstreamCallOptions,
    wire: Wire,
  ) {
    const matchWith = ({ value, creditsSpent }: Fetched<string>) => {
      wire.creditsBefore += creditsSpent
      return withCreditsOf(creditsSpent, () => send('pictures', signal => pictures.fetchMatches(value, page, signal)))
    }
    const startedAt = now()
    const handle = await fetchHandle(picture, { ...call, refresh: false })
    try {
      return await matchWith(handle)
    } catch (thrown) {
      // A cached handle may have expired early: no upstream documents how long one lasts.
      const wasCached = handle.retrievedAt < startedAt
      if (!wasCached || !(thrown instanceof AppError) || !HANDLE_EXPIRED.has(thrown.code)) throw thrown
      return withCreditsOf(thrown.creditsSpent, async () => {
        // A new handle and a second search were not in the price.
        await call.reserveMore?.(2)
        return matchWith(await fetchHandle(picture, { ...call, refresh: true }))
      })
    }
  }

  return createCachedSearch<QueryPicture>(calls, {
    kind: 'search',
    maxPageSize: pictures.maxPageSize,
    applies: pictures.applies,
    idOf: ({ sha256 }) => sha256,
    calls: callsFor,
    fetchPage: (picture, page) => (send, call, wire) => fetchMatches(picture, page, send, call, wire),
  })
}

/** Adds the credits of earlier calls to the result or error of `work`. */
async function withCreditsOf(
  creditsSpent: number,
  work: () => Promise<Fetched<OfferPage>>,
): Promise<Fetched<OfferPage>> {
  try {
    const fetched = await work()
    return { ...fetched, creditsSpent: fetched.creditsSpent + creditsSpent }
  } catch (thrown) {
    throw withMoreCredits(thrown, creditsSpent)
  }
}
