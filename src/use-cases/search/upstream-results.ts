/**
 * Results of an upstream's own search: kept in its order, stored in the catalogue, with likeness added where possible.
 */
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { throwIfAborted } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import { isFiltered } from '../../offers/filters.ts'
import type { Remark } from '../../offers/results/results.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { withinTime } from '../../time/deadline.ts'
import { settledOrAborted } from '../../time/unless-aborted.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import { adviceOf } from '../../upstream-calls/failover.ts'
import type { Rows, UnreadPage } from '../../upstream-calls/paging.ts'
import type { Embedder } from '../../vision/embedder.ts'
import type { PictureIndexer } from '../picture-indexer.ts'
import { bestOf, type Comparison, createComparePictures, type QueryPicture } from './compare-pictures.ts'
import { inOrder, passing, type UpstreamRows } from './fetch-results.ts'
import { type FilterCounts, remarksOnFilters, remarksOnOrder, withoutApplied } from './offer-filter.ts'
import { type PageRequest, type RankedOffers, rankedOffer } from './search-page.ts'

export interface RankUpstreamResultsDeps {
  catalogue: Catalogue
  embedder: Embedder
  indexer: PictureIndexer
  logger: Logger
}

export interface UpstreamAnswer {
  upstream: string
  rows: UpstreamRows
  retrievedAt: number
  /** Sources of the catalogue's offers with which the found ones are compared. */
  sources: readonly string[]
}

/** The returned function never fails because of the catalogue. */
export function createRankUpstreamResults({ catalogue, embedder, indexer, logger }: RankUpstreamResultsDeps) {
  const comparePictures = createComparePictures({ catalogue, embedder })

  /** @param request with the query picture; `null` for a keyword search. */
  return async function rankUpstreamResults(
    { upstream: name, rows, retrievedAt, sources }: UpstreamAnswer,
    { picture, ...request }: PageRequest & { picture: QueryPicture | null },
    call: CallOptions,
  ): Promise<RankedOffers> {
    const { filters } = request
    const { applied } = rows
    const found = inOrder(passing(rows.offers, request, applied), filters, applied)
    const isKept = await keep(name, rows, retrievedAt)
    const whole = [...found, ...passing([...rows.fetched, ...rows.earlier], request, applied)]
    const ids = [...new Set(whole.map(({ offer }) => offer.offerId))]
    const comparisons =
      isKept && picture ? await compare(picture, name, ids, sources, call) : new Map<string, Comparison>()
    const products = found.map(each => rankedOffer({ ...each, source: name }, comparisons.get(each.offer.offerId)))
    const compared = products.filter(({ similarity }) => similarity !== null).length
    return {
      products,
      // The upstream's total does not account for our filters.
      totalFound: isFiltered(withoutApplied(filters, applied)) ? null : rows.totalFound,
      hasMore: rows.hasMore,
      unread: rows.unread,
      match: {
        method: 'upstream',
        compared,
        known: picture ? products.length : 0,
        embedder: compared > 0 ? embedder.id : null,
        // Of the whole result, so that a later page does not call its own best one the nearest.
        best: bestOf([...comparisons.values()].map(({ likeness }) => likeness)),
      },
      retrievedAt,
      remarks: [
        ...remarksOnFilters(filters, countsOf(rows, request), name, applied),
        ...remarksOnOrder(
          filters,
          applied.sort === undefined ? null : name,
          applied.sort === undefined ? 'page' : null,
        ),
        ...(rows.unread ? [moreUnread(name, rows.fetched.length, rows.unread)] : []),
        ...(picture ? pending(found.length - compared) : []),
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
    picture: QueryPicture,
    source: string,
    offerIds: readonly string[],
    sources: readonly string[],
    call: CallOptions,
  ): Promise<Map<string, Comparison>> {
    try {
      const run = indexer.run([source])
      await withinTime(CALL_BUDGET.indexingFound.callerMs, call.signal, signal => settledOrAborted(run, signal))
      return await comparePictures.found(picture, source, offerIds, sources)
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

function countsOf({ fetched, applied }: UpstreamRows, request: PageRequest): FilterCounts {
  const found = passing(fetched, request, applied)
  const fitting = found.filter(({ unlisted }) => unlisted.length === 0).length
  return { looked: fetched.length, fitting, unlisted: found.length - fitting }
}

function moreUnread(upstream: string, looked: number, { credits, failure }: UnreadPage): Remark {
  if (failure === null) return { kind: 'more_unread', upstream, looked, credits }
  const { code, message } = failure
  return { kind: 'page_failed', upstream, looked, code, message, hint: adviceOf(failure) }
}
