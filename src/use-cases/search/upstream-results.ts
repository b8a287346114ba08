/**
 * Results of an upstream's own search: kept in its order, stored in the catalogue, with likeness added where possible.
 */
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { throwIfAborted } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import type { OfferSummary } from '../../offers/offer.ts'
import type { Fetched } from '../../offers/results/fetched.ts'
import type { Likeness, Remark } from '../../offers/results/results.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { withinTime } from '../../time/deadline.ts'
import { settledOrAborted } from '../../time/unless-aborted.ts'
import type { UpstreamSearch } from '../../upstream-calls/cached-search.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import type { UpstreamCallOptions } from '../../upstream-calls/metered-call.ts'
import { fetchWindow, type Rows } from '../../upstream-calls/paging.ts'
import type { PageQuery } from '../../upstreams/port.ts'
import type { Embedder } from '../../vision/embedder.ts'
import type { PictureIndexer } from '../picture-indexer.ts'
import { createOfferFilter, isFiltered } from './offer-filter.ts'
import { type PageRequest, type RankedOffers, rankedOffer } from './search-page.ts'

/** Best first. */
const LIKENESSES: readonly Likeness[] = ['same item', 'similar', 'weak']

export interface RankUpstreamResultsDeps {
  catalogue: Catalogue
  embedder: Embedder
  indexer: PictureIndexer
  logger: Logger
}

/** Of the filters, upstreams only support the maximum price. */
export async function fetchResults<Query>(
  search: UpstreamSearch<Query>,
  query: Query,
  { page, pageSize, filters: { maxPrice } }: PageRequest,
  call: UpstreamCallOptions,
): Promise<Fetched<Rows>> {
  const size = search.maxPageSize
  return fetchWindow({ page, pageSize }, size, number => {
    const found: PageQuery = { page: number, pageSize: size, ...(maxPrice === undefined ? {} : { maxPrice }) }
    return search.fetchPage(query, found, call)
  })
}

/** The returned function never fails because of the catalogue. */
export function createRankUpstreamResults({ catalogue, embedder, indexer, logger }: RankUpstreamResultsDeps) {
  /** @param request with the query picture's vectors; empty for a keyword search. */
  return async function rankUpstreamResults(
    name: string,
    rows: Rows,
    retrievedAt: number,
    { filters, vectors }: PageRequest & { vectors: Int8Array[] },
    call: CallOptions,
  ): Promise<RankedOffers> {
    const passing = rows.offers.filter(createOfferFilter(filters))
    const isKept = await keep(name, rows, retrievedAt)
    const cosines =
      isKept && vectors.length > 0 ? await compare(name, passing, vectors, call) : new Map<string, number>()
    const products = passing.map(offer => rankedOffer({ offer, source: name }, embedder.id, cosines.get(offer.offerId)))
    return {
      products,
      // The upstream's total does not account for our filters.
      totalFound: isFiltered(filters) ? null : rows.totalFound,
      hasMore: rows.hasMore,
      match: {
        method: 'upstream',
        compared: cosines.size,
        known: vectors.length > 0 ? products.length : 0,
        embedder: cosines.size > 0 ? embedder.id : null,
        best: LIKENESSES.find(likeness => products.some(product => product.likeness === likeness)) ?? null,
      },
      retrievedAt,
      remarks: [
        ...(isFiltered(filters) ? [filteredHere(name, rows.offers.length, passing.length)] : []),
        ...(vectors.length > 0 ? pending(passing.length - cosines.size) : []),
      ],
    }
  }

  async function keep(source: string, { fetched }: Rows, retrievedAt: number): Promise<boolean> {
    try {
      await catalogue.putOffers(source, fetched, retrievedAt)
      return true
    } catch (cause) {
      // An answer is not lost for the sake of the catalogue.
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
