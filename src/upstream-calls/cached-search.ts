/** A search that the upstream performs itself, page by page through the cache. */
import * as z from 'zod'
import { SEARCH_POLICY } from '../cache/policy.ts'
import type { CacheKey } from '../cache/reply-cache.ts'
import { searchFilters } from '../offers/filters.ts'
import { offerSummary } from '../offers/offer.ts'
import type { Fetched } from '../offers/results/fetched.ts'
import type { OfferPage, PageQuery } from '../upstreams/port.ts'
import { type AppliedFilters, appliedUpstream } from '../upstreams/search-filters.ts'
import type { CachedAnswer, FetchAnswer, MeteredCalls, UpstreamCallOptions } from './metered-call.ts'

/** By picture or by words. */
export interface UpstreamSearch<Query> {
  /** The most offers one call can return. */
  readonly maxPageSize: number
  /** What the upstream filters and orders itself. */
  readonly applies: AppliedFilters
  fetchPage(query: Query, page: PageQuery, call: UpstreamCallOptions): Promise<Fetched<OfferPage>>
  /** What a page costs; `null` if it is cached. */
  priceOf(query: Query, page: PageQuery, call: UpstreamCallOptions): Promise<number | null>
  /** Whether an older answer would stand in for a page that may not be paid for. */
  hasOlder(query: Query, page: PageQuery): Promise<boolean>
}

const offerPage: z.ZodType<OfferPage> = z.object({
  offers: z.array(offerSummary),
  totalFound: z.number().nullable(),
  hasMore: z.boolean().nullable(),
  applied: searchFilters.optional(),
})

export interface CachedSearchOptions<Query> {
  kind: CacheKey['kind']
  maxPageSize: number
  applies: AppliedFilters
  /** The picture's hash, or the words. */
  idOf(query: Query): string
  /** Calls needed for a page. Default: one. */
  calls?: (query: Query) => Promise<number>
  fetchPage(query: Query, page: PageQuery): FetchAnswer<OfferPage>
}

export function createCachedSearch<Query>(
  { meteredCall, getFresh, hasOlder, priceOf }: MeteredCalls,
  { kind, maxPageSize, applies, idOf, calls, fetchPage }: CachedSearchOptions<Query>,
): UpstreamSearch<Query> {
  const answerFor = (query: Query, { page, pageSize, ...filters }: PageQuery): CachedAnswer<OfferPage> => {
    const id = JSON.stringify([idOf(query), page, pageSize, appliedUpstream(applies, filters)])
    return { kind, id, policy: SEARCH_POLICY, schema: offerPage, ...(calls ? { calls: () => calls(query) } : {}) }
  }
  return {
    maxPageSize,
    applies,
    async fetchPage(query, page, call) {
      const getPage = (number: number) => getFresh(answerFor(query, { ...page, page: number }))
      const emptyPage = call.refresh ? null : await emptyPagePastTheEnd(page, getPage)
      return emptyPage ?? meteredCall(answerFor(query, page), call, fetchPage(query, page))
    },
    async priceOf(query, page, { refresh }) {
      const answer = answerFor(query, page)
      return !refresh && (await getFresh(answer)) !== null ? null : priceOf(answer)
    },
    hasOlder: (query, page) => hasOlder(answerFor(query, page)),
  }
}

/**
 * An empty page if a cached first page says that the results end before it, so that it need not be paid for; `null` if
 * the page may have offers.
 */
async function emptyPagePastTheEnd(
  { page, pageSize }: PageQuery,
  getPage: (page: number) => Promise<Fetched<OfferPage | null> | null>,
): Promise<Fetched<OfferPage> | null> {
  const first = page === 1 ? null : await getPage(1)
  if (!first?.value || first.value.totalFound === null) return null
  const { totalFound, hasMore } = first.value
  // Vendors that imitate another API may put something else there.
  const isTotal = hasMore === null || hasMore === totalFound > pageSize
  if (!isTotal || (page - 1) * pageSize < totalFound) return null
  if ((await getPage(page)) || (await getPage(page - 1))?.value?.hasMore) return null
  return { ...first, value: { offers: [], totalFound, hasMore: false } }
}
