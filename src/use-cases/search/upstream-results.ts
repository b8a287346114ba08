/**
 * Results of an upstream's own search: kept in its order, stored in the catalogue, with likeness added where possible.
 */
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { throwIfAborted } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import { isFiltered, type OfferFilters } from '../../offers/filters.ts'
import type { OfferSummary } from '../../offers/offer.ts'
import type { Likeness, Remark } from '../../offers/results/results.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { withinTime } from '../../time/deadline.ts'
import { settledOrAborted } from '../../time/unless-aborted.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import { adviceOf } from '../../upstream-calls/failover.ts'
import type { Rows, UnreadPage } from '../../upstream-calls/paging.ts'
import type { Embedder } from '../../vision/embedder.ts'
import type { PictureIndexer } from '../picture-indexer.ts'
import { inOrder, passing, type UpstreamRows } from './fetch-results.ts'
import { type FilterCounts, remarksOnFilters, remarksOnOrder, withoutApplied } from './offer-filter.ts'
import { type PageRequest, type RankedOffers, rankedOffer } from './search-page.ts'

/** Best first. */
const LIKENESSES: readonly Likeness[] = ['same item', 'similar', 'weak']

export interface RankUpstreamResultsDeps {
  catalogue: Catalogue
  embedder: Embedder
  indexer: PictureIndexer
  logger: Logger
}

/** The returned function never fails because of the catalogue. */
export function createRankUpstreamResults({ catalogue, embedder, indexer, logger }: RankUpstreamResultsDeps) {
  /** @param request with the query picture's vectors; empty for a keyword search. */
  return async function rankUpstreamResults(
    name: string,
    rows: UpstreamRows,
    retrievedAt: number,
    { filters, vectors }: PageRequest & { vectors: Int8Array[] },
    call: CallOptions,
  ): Promise<RankedOffers> {
    const { applied } = rows
    const found = inOrder(passing(rows.offers, filters, applied), filters, applied)
    const isKept = await keep(name, rows, retrievedAt)
    const offers = found.map(({ offer }) => offer)
    const cosines =
      isKept && vectors.length > 0 ? await compare(name, offers, vectors, call) : new Map<string, number>()
    const products = found.map(each => {
      return rankedOffer({ ...each, source: name }, embedder.id, cosines.get(each.offer.offerId))
    })
    return {
      products,
      // The upstream's total does not account for our filters.
      totalFound: isFiltered(withoutApplied(filters, applied)) ? null : rows.totalFound,
      hasMore: rows.hasMore,
      unread: rows.unread,
      match: {
        method: 'upstream',
        compared: cosines.size,
        known: vectors.length > 0 ? products.length : 0,
        embedder: cosines.size > 0 ? embedder.id : null,
        best: LIKENESSES.find(likeness => products.some(product => product.likeness === likeness)) ?? null,
      },
      retrievedAt,
      remarks: [
        ...remarksOnFilters(filters, countsOf(rows, filters), name, applied),
        ...remarksOnOrder(
          filters,
          applied.sort === undefined ? null : name,
          applied.sort === undefined ? 'page' : null,
        ),
        ...(rows.unread ? [moreUnread(name, rows.fetched.length, rows.unread)] : []),
        ...(vectors.length > 0 ? pending(found.length - cosines.size) : []),
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

function countsOf({ fetched, applied }: UpstreamRows, filters: OfferFilters): FilterCounts {
  const found = passing(fetched, filters, applied)
  const fitting = found.filter(({ unlisted }) => unlisted.length === 0).length
  return { looked: fetched.length, fitting, unlisted: found.length - fitting }
}

function moreUnread(upstream: string, looked: number, { credits, failure }: UnreadPage): Remark {
  if (failure === null) return { kind: 'more_unread', upstream, looked, credits }
  const { code, message } = failure
  return { kind: 'page_failed', upstream, looked, code, message, hint: adviceOf(failure) }
}
