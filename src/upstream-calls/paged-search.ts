/** Owns a search that an upstream does itself, as the use cases see it, and how its pages are kept. */
import { z } from 'zod'
import { SEARCH_POLICY } from '../cache/policy.ts'
import type { CacheKey, KeptReply } from '../cache/reply-cache.ts'
import { storedSummary } from '../offers/stored.ts'
import type { FoundPage, FoundQuery } from '../upstreams/port.ts'
import type { Asking, ClientCall, Fetch, Fetched, Kept } from './metered-call.ts'

/** A search for a picture or for words. */
export interface ClientSearch<Wanted> {
  /** Offers of a page: the most that a call can buy. */
  readonly maxPageSize: number
  fetchPage(wanted: Wanted, page: FoundQuery, call: ClientCall): Promise<Fetched<FoundPage>>
}

/** A page that was kept as JSON. */
const storedFoundPage: z.ZodType<FoundPage> = z.object({
  offers: z.array(storedSummary),
  totalFound: z.number().nullable(),
  hasMore: z.boolean().nullable(),
})

/** What {@link createClientSearch} needs. */
export interface ClientSearchOptions<Wanted> {
  kind: CacheKey['kind']
  maxPageSize: number
  /** Whether the highest price changes what comes. */
  filtersPrice: boolean
  /** What tells what is wanted from all else: the picture's hash, or the words. */
  idOf(wanted: Wanted): string
  /** Calls that a page takes. Default: one. */
  calls?: (wanted: Wanted) => Promise<number>
  fetchPage(wanted: Wanted, page: FoundQuery, call: ClientCall): Fetch<FoundPage>
}

/** Makes a search whose pages are kept. */
export function createClientSearch<Wanted>(
  { keep, getKept }: Asking,
  { kind, maxPageSize, filtersPrice, idOf, calls, fetchPage }: ClientSearchOptions<Wanted>,
): ClientSearch<Wanted> {
  const keptPage = (wanted: Wanted, { page, pageSize, maxPrice }: FoundQuery): Kept<FoundPage> => {
    const id = JSON.stringify([idOf(wanted), page, pageSize, filtersPrice ? (maxPrice ?? null) : null])
    return { kind, id, policy: SEARCH_POLICY, schema: storedFoundPage }
  }
  return {
    maxPageSize,
    fetchPage: async (wanted, query, call) => {
      const getPage = (page: number) => getKept(keptPage(wanted, { ...query, page }))
      const nothing = call.refresh ? null : await nothingPastTheEnd(query, getPage)
      if (nothing) return nothing
      const kept = { ...keptPage(wanted, query), ...(calls ? { calls: () => calls(wanted) } : {}) }
      return keep(kept, call, fetchPage(wanted, query, call))
    },
  }
}

/**
 * The empty page past the end, where the first page is kept and told where that is: such a question need not be paid for. `null` where anything
 * that is kept speaks for the page.
 */
async function nothingPastTheEnd(
  { page, pageSize }: FoundQuery,
  getPage: (page: number) => Promise<KeptReply<FoundPage> | null>,
): Promise<Fetched<FoundPage> | null> {
  const first = page === 1 ? null : await getPage(1)
  if (!first?.value || first.value.totalFound === null) return null
  const { totalFound, hasMore } = first.value
  // Vendors that copy a shape may put something else there.
  const isTotal = hasMore === null || hasMore === totalFound > pageSize
  if (!isTotal || (page - 1) * pageSize < totalFound) return null
  if ((await getPage(page)) || (await getPage(page - 1))?.value?.hasMore) return null
  const value = { offers: [], totalFound, hasMore: false }
  return { value, creditsSpent: 0, retrievedAt: first.retrievedAt, staleBecause: null }
}
