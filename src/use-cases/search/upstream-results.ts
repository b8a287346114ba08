/**
 * Results of an upstream's own search: kept in its order, stored in the catalogue, with likeness added where possible.
 */
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { throwIfAborted } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import {
  compareBy,
  createOfferFilter,
  isFiltered,
  type OfferFilters,
  type SearchFilters,
} from '../../offers/filters.ts'
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
import { appliedUpstream } from '../../upstreams/search-filters.ts'
import type { Embedder } from '../../vision/embedder.ts'
import type { PictureIndexer } from '../picture-indexer.ts'
import { type FilterCounts, remarksOnFilters, remarksOnOrder, withoutApplied } from './offer-filter.ts'
import { type FoundOffer, type PageRequest, type RankedOffers, rankedOffer } from './search-page.ts'

/** Best first. */
const LIKENESSES: readonly Likeness[] = ['same item', 'similar', 'weak']

export interface RankUpstreamResultsDeps {
  catalogue: Catalogue
  embedder: Embedder
  indexer: PictureIndexer
  logger: Logger
}

/** Pages of an upstream that one call fetches at most, so that it ends in time. */
const MAX_FETCHED_PAGES = 5

/** Rows of an upstream, and the filters that it applied. */
export interface UpstreamRows extends Rows {
  applied: SearchFilters
}

/**
 * What the upstream does not filter is filtered here. Where that leaves the page short, further pages are read if they
 * are free or within `maxCredits`; without it, one page is bought at most.
 */
export async function fetchResults<Query>(
  search: UpstreamSearch<Query>,
  query: Query,
  { page, pageSize, filters, maxCredits }: PageRequest,
  call: UpstreamCallOptions,
): Promise<Fetched<UpstreamRows>> {
  const size = search.maxPageSize
  const applied = appliedUpstream(search.applies, filters)
  const pageQuery = (number: number) => ({ page: number, pageSize: size, ...applied })
  let fetchedPages = 0
  const rows = await fetchWindow(
    { page, pageSize },
    {
      size,
      fetch: number => search.fetchPage(query, pageQuery(number), call),
      refuse: async (number, spent) => {
        const price = await search.priceOf(query, pageQuery(number), call)
        if (price === null) return null
        const isPaidFor = maxCredits === undefined ? price === 0 || spent === 0 : spent + price <= maxCredits
        fetchedPages += 1
        return isPaidFor && fetchedPages < MAX_FETCHED_PAGES ? null : price
      },
      ...(isFiltered(withoutApplied(filters, applied)) && {
        pick: (offers: readonly OfferSummary[]) =>
          inOrder(passing(offers, filters, applied), filters, applied).map(({ offer }) => offer),
      }),
    },
  )
  return { ...rows, value: { ...rows.value, applied } }
}

type Passing = Omit<FoundOffer, 'source'>

function passing(offers: readonly OfferSummary[], filters: OfferFilters, applied: SearchFilters): Passing[] {
  const filter = createOfferFilter(filters, applied)
  return offers.flatMap(offer => {
    const unlisted = filter(offer)
    return unlisted === null ? [] : [{ offer, unlisted }]
  })
}

/** Those that fit first; where the upstream did not sort them, they are sorted here. */
function inOrder(found: readonly Passing[], { sort = 'best_match' }: OfferFilters, applied: SearchFilters): Passing[] {
  const compare = compareBy(applied.sort === undefined ? sort : 'best_match')
  return found.toSorted(
    (a, b) => Number(a.unlisted.length > 0) - Number(b.unlisted.length > 0) || compare(a.offer, b.offer),
  )
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

function moreUnread(upstream: string, looked: number, { credits }: { credits: number }): Remark {
  return { kind: 'more_unread', upstream, looked, credits }
}
