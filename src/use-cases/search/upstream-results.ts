/** Owns showing what an upstream found by itself: its order stands, its offers are kept, and likeness is added where it can be computed. */
import type { Catalogue, OfferFilters } from '../../catalogue/catalogue.ts'
import { throwIfAborted } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import type { OfferSummary } from '../../offers/offer.ts'
import type { Likeness, Remark, SearchResult } from '../../offers/results/results.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { withinTime } from '../../time/deadline.ts'
import { settledOrAborted } from '../../time/unless-aborted.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import type { Gift, Source } from '../../upstream-calls/failover.ts'
import type { ClientCall } from '../../upstream-calls/metered-call.ts'
import type { ClientSearch } from '../../upstream-calls/paged-search.ts'
import { fetchWindow, type Rows, type Window } from '../../upstream-calls/paging.ts'
import type { FoundQuery } from '../../upstreams/port.ts'
import type { Embedder } from '../../vision/embedder.ts'
import type { PictureIndexer } from '../picture-indexer.ts'
import { createOfferFilter, isFiltered } from './offer-filter.ts'
import { rankedOffer } from './ranked-offer.ts'

/** Order of the words for likeness, best first. */
const LIKENESSES: readonly Likeness[] = ['same item', 'similar', 'weak']

/** What {@link createShowFound} needs. */
export interface ShowFoundDeps {
  catalogue: Catalogue
  embedder: Embedder
  indexer: PictureIndexer
  logger: Logger
  now: () => number
}

/** A page of a search that is wanted. */
export interface Wanted extends Window {
  filters: OfferFilters
}

/** A search's answer, but for what the use case puts around it. */
export type Shown = Pick<SearchResult, 'products' | 'totalFound' | 'hasMore' | 'match' | 'source' | 'remarks'>

/** Asks an upstream for a page of what it finds. Of the filters it is told the highest price, which it may know. */
export async function fetchFound<T>(
  search: ClientSearch<T>,
  what: T,
  { page, pageSize, filters: { maxPrice } }: Wanted,
  call: ClientCall,
): Promise<Gift<Rows>> {
  const size = search.maxPageSize
  const rows = await fetchWindow({ page, pageSize }, size, number => {
    const query: FoundQuery = { page: number, pageSize: size, ...(maxPrice === undefined ? {} : { maxPrice }) }
    return search.fetchPage(what, query, call)
  })
  return { value: rows, creditsSpent: rows.creditsSpent, staleBecause: rows.staleBecause }
}

/** Makes the showing. @returns a function that never fails for the catalogue's sake. */
export function createShowFound({ catalogue, embedder, indexer, logger, now }: ShowFoundDeps) {
  /** @param vectors of the picture that was searched for; none where words were. */
  return async function showFound(
    { client: { name } }: Source,
    rows: Rows,
    { filters }: Wanted,
    vectors: Int8Array[],
    call: CallOptions,
  ): Promise<Shown> {
    const passing = rows.offers.filter(createOfferFilter(filters))
    const isKept = await keep(name, rows)
    const cosines =
      isKept && vectors.length > 0 ? await compare(name, passing, vectors, call) : new Map<string, number>()
    const products = passing.map(offer => rankedOffer({ offer, source: name }, embedder.id, cosines.get(offer.offerId)))
    return {
      products,
      // The upstream's total knows nothing of our filters.
      totalFound: isFiltered(filters) ? null : rows.totalFound,
      hasMore: rows.hasMore,
      match: {
        method: 'upstream',
        compared: cosines.size,
        known: vectors.length > 0 ? products.length : 0,
        embedder: cosines.size > 0 ? embedder.id : null,
        best: LIKENESSES.find(likeness => products.some(product => product.likeness === likeness)) ?? null,
      },
      source: {
        upstream: name,
        retrievedAt: rows.retrievedAt,
        ageS: Math.max(0, Math.round((now() - rows.retrievedAt) / 1000)),
        stale: rows.staleBecause !== null,
      },
      remarks: [
        ...(isFiltered(filters) ? [filteredHere(name, rows.offers.length, passing.length)] : []),
        ...(vectors.length > 0 ? pending(passing.length - cosines.size) : []),
      ],
    }
  }

  async function keep(source: string, { fetched, retrievedAt }: Rows): Promise<boolean> {
    try {
      await catalogue.putOffers(source, fetched, retrievedAt)
      return true
    } catch (cause) {
      // The answer is worth more than the note of it.
      logger.warn('offers not kept in the catalogue', { source, cause })
      return false
    }
  }

  async function compare(
    source: string,
    offers: readonly OfferSummary[],
    vectors: Int8Array[],
    call: CallOptions,
  ): Promise<Map<string, number>> {
    try {
      const run = indexer.run([source])
      await withinTime(CALL_BUDGET.indexingFound.callerMs, call.signal, signal => settledOrAborted(run, signal))
      const ids = offers.map(({ offerId }) => offerId)
      return await catalogue.similarities(source, ids, embedder.id, vectors)
    } catch (cause) {
      logger.warn('offers not compared', { source, cause })
      return new Map()
    } finally {
      throwIfAborted(call.signal)
    }
  }

  function pending(missing: number): Remark[] {
    return missing > 0 && indexer.isRunning ? [{ kind: 'pictures_pending', pending: missing }] : []
  }
}

function filteredHere(upstream: string, looked: number, left: number): Remark {
  return { kind: 'filtered_here', upstream, looked, left }
}
