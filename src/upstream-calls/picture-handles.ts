/** Owns the search by picture of an upstream that matches pictures itself: a picture is handed over once, and its handle serves every page. */
import { z } from 'zod'
import { AppError, type ErrorCode, withMoreCredits } from '../errors.ts'
import type { Paid } from '../limits/gate/gate.ts'
import type { FoundPage, FoundQuery, PictureMatcher, QueryPicture } from '../upstreams/port.ts'
import { type Asking, type ClientCall, type Fetched, type Kept, teller } from './metered-call.ts'
import { type ClientSearch, createClientSearch } from './paged-search.ts'
import type { Wire } from './still-fetching.ts'

/** What a search fails with where its handle is not known any more: an id is refused, the address of a converted copy leads nowhere. */
const HANDLE_ENDED: ReadonlySet<ErrorCode> = new Set(['upstream_rejected', 'picture_unreachable'])

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

  function matchWith(
    handle: Fetched<string>,
    query: FoundQuery,
    call: ClientCall,
    wire: Wire,
  ): Promise<Paid<FoundPage>> {
    wire.creditsBefore += handle.creditsSpent
    const match = pay('pictures', call, signal => pictures.fetchMatches(handle.value, query, signal))
    return afterPaying(handle.creditsSpent, () => match(call.signal, teller(call), wire))
  }

  async function fetchMatches(
    picture: QueryPicture,
    query: FoundQuery,
    call: ClientCall,
    wire: Wire,
  ): Promise<Paid<FoundPage>> {
    const startedAt = now()
    const handle = await handleFor(picture, { ...call, refresh: false })
    try {
      return await matchWith(handle, query, call, wire)
    } catch (thrown) {
      // A handle that was kept may have ended before its time: nobody says how long one lasts.
      const wasKept = handle.retrievedAt < startedAt
      if (!wasKept || !(thrown instanceof AppError) || !HANDLE_ENDED.has(thrown.code)) throw thrown
      return afterPaying(thrown.creditsSpent, async () => {
        const fresh = await handleFor(picture, { ...call, refresh: true })
        return matchWith(fresh, query, call, wire)
      })
    }
  }

  return createClientSearch<QueryPicture>(asking, {
    kind: 'search',
    maxPageSize: pictures.maxPageSize,
    filtersPrice: true,
    idOf: ({ sha256 }) => sha256,
    calls: callsFor,
    // The handle is paid for with the rest: inside, others may already wait for the same answer.
    fetchPage: (picture, query, call) => (signal, tell, wire) => {
      const onProgress = ({ message }: { message: string }) => tell(message)
      return fetchMatches(picture, query, { ...call, signal, onProgress, payer: undefined }, wire)
    },
  })
}

/** Does what comes after calls that cost so much: its answer and its failure tell that, too. */
async function afterPaying<T>(creditsSpent: number, work: () => Promise<Paid<T>>): Promise<Paid<T>> {
  try {
    const paid = await work()
    return { ...paid, creditsSpent: paid.creditsSpent + creditsSpent }
  } catch (thrown) {
    throw withMoreCredits(thrown, creditsSpent)
  }
}
