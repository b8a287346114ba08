/** Owns the search by picture of an upstream that matches pictures itself: a picture is handed over once, and its handle serves every page. */
import { z } from 'zod'
import { AppError, withMoreCredits } from '../errors.ts'
import type { Paid } from '../limits/gate.ts'
import type { FoundPage, FoundQuery, PictureMatcher, QueryPicture } from '../upstream/upstream.ts'
import { type Asking, type ClientCall, type Fetched, type Kept, teller } from './asking.ts'
import { type ClientSearch, createClientSearch } from './client-search.ts'

/** Makes the search. */
export function createPictureSearch(
  pictures: PictureMatcher,
  asking: Asking,
  now: () => number,
): ClientSearch<QueryPicture> {
  const { pay, keep, getKept } = asking
  const handlePolicy = { freshMs: pictures.handleTtlMs, staleMs: 0, negativeMs: 0 }

  const keptHandle = ({ sha256 }: QueryPicture): Kept<string> => {
    return { kind: 'handle', id: sha256, policy: handlePolicy, schema: z.string() }
  }

  async function handleFor(picture: QueryPicture, call: ClientCall): Promise<Fetched<string>> {
    const handle = pictures.handleOf(picture)
    if (handle !== null) return { value: handle, creditsSpent: 0, retrievedAt: now(), staleBecause: null }
    const register = pay('pictures', call, signal => pictures.register(picture, signal))
    return keep(keptHandle(picture), call, register)
  }

  async function callsFor(picture: QueryPicture): Promise<number> {
    const hasHandle = pictures.handleOf(picture) !== null || (await getKept(keptHandle(picture))) !== null
    return hasHandle ? 1 : 2
  }

  async function matchWith(handle: Fetched<string>, query: FoundQuery, call: ClientCall): Promise<Paid<FoundPage>> {
    try {
      const match = pay('pictures', call, signal => pictures.fetchMatches(handle.value, query, signal))
      return addCredits(await match(call.signal, teller(call)), handle.creditsSpent)
    } catch (thrown) {
      throw withMoreCredits(thrown, handle.creditsSpent)
    }
  }

  async function fetchMatches(picture: QueryPicture, query: FoundQuery, call: ClientCall): Promise<Paid<FoundPage>> {
    const startedAt = now()
    const handle = await handleFor(picture, { ...call, refresh: false })
    try {
      return await matchWith(handle, query, call)
    } catch (thrown) {
      // A handle that was kept may have ended before its time: nobody says how long one lasts.
      const wasKept = handle.retrievedAt < startedAt
      if (!wasKept || !(thrown instanceof AppError) || thrown.code !== 'upstream_rejected') throw thrown
      const fresh = await handleFor(picture, { ...call, refresh: true })
      return addCredits(await matchWith(fresh, query, call), thrown.creditsSpent)
    }
  }

  return createClientSearch<QueryPicture>(asking, {
    kind: 'search',
    maxPageSize: pictures.maxPageSize,
    filtersPrice: true,
    idOf: ({ sha256 }) => sha256,
    calls: callsFor,
    // The handle is paid for with the rest: inside, others may already wait for the same answer.
    fetchPage: (picture, query, call) => (signal, tell) => {
      const onProgress = ({ message }: { message: string }) => tell(message)
      return fetchMatches(picture, query, { ...call, signal, onProgress, purse: undefined })
    },
  })
}

function addCredits<T>(paid: Paid<T>, creditsSpent: number): Paid<T> {
  return { ...paid, creditsSpent: paid.creditsSpent + creditsSpent }
}
