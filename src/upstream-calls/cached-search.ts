/** A search that an upstream does itself, with its pages cached. */
import * as z from 'zod'
import { SEARCH_POLICY } from '../cache/policy.ts'
import type { CacheKey } from '../cache/reply-cache.ts'
import { offerSummary } from '../offers/offer.ts'
import type { Fetched } from '../offers/results/fetched.ts'
import type { FoundPage, FoundQuery } from '../upstreams/port.ts'
import type { CachedAnswer, FetchAnswer, MeteredCalls, UpstreamCallOptions } from './metered-call.ts'

/** A search for a picture or for words. */
export interface UpstreamSearch<Query> {
  /** Offers of a page: the most that a call can buy. */
  readonly maxPageSize: number
  fetchPage(query: Query, page: FoundQuery, call: UpstreamCallOptions): Promise<Fetched<FoundPage>>
}

const foundPage: z.ZodType<FoundPage> = z.object({
  offers: z.array(offerSummary),
  totalFound: z.number().nullable(),
  hasMore: z.boolean().nullable(),
})

export interface CachedSearchOptions<Query> {
  kind: CacheKey['kind']
  maxPageSize: number
  /** Whether the highest price changes what comes. */
  filtersPrice: boolean
  /** Tells one query from another: the picture's hash, or the words. */
  idOf(query: Query): string
  /** Calls that a page takes. Default: one. */
  calls?: (query: Query) => Promise<number>
  fetchPage(query: Query, page: FoundQuery): FetchAnswer<FoundPage>
}

export function createCachedSearch<Query>(
  { meteredCall, getFresh }: MeteredCalls,
  { kind, maxPageSize, filtersPrice, idOf, calls, fetchPage }: CachedSearchOptions<Query>,
): UpstreamSearch<Query> {
  const answerFor = (query: Query, { page, pageSize, maxPrice }: FoundQuery): CachedAnswer<FoundPage> => {
    const id = JSON.stringify([idOf(query), page, pageSize, filtersPrice ? (maxPrice ?? null) : null])
    return { kind, id, policy: SEARCH_POLICY, schema: foundPage, ...(calls ? { calls: () => calls(query) } : {}) }
  }
  return {
    maxPageSize,
    async fetchPage(query, page, call) {
      const getPage = (number: number) => getFresh(answerFor(query, { ...page, page: number }))
      const nothing = call.refresh ? null : await nothingPastTheEnd(page, getPage)
      return nothing ?? meteredCall(answerFor(query, page), call, fetchPage(query, page))
    },
  }
}

/**
 * The empty page past the end, where the first page is cached and says where that is: such a page need not be paid for. `null` where anything
 * that is cached speaks for the page.
 */
async function nothingPastTheEnd(
  { page, pageSize }: FoundQuery,
  getPage: (page: number) => Promise<Fetched<FoundPage | null> | null>,
): Promise<Fetched<FoundPage> | null> {
  const first = page === 1 ? null : await getPage(1)
  if (!first?.value || first.value.totalFound === null) return null
  const { totalFound, hasMore } = first.value
  // Vendors that copy a shape may put something else there.
  const isTotal = hasMore === null || hasMore === totalFound > pageSize
  if (!isTotal || (page - 1) * pageSize < totalFound) return null
  if ((await getPage(page)) || (await getPage(page - 1))?.value?.hasMore) return null
  return { ...first, value: { offers: [], totalFound, hasMore: false } }
}
