/** Searches an upstream by further pictures of the same thing, and puts the results together. */
import { asAppError, throwIfAborted, withMoreCredits } from '../../../errors.ts'
import type { SearchFilters } from '../../../offers/filters.ts'
import type { OfferSummary } from '../../../offers/offer.ts'
import type { Fetched } from '../../../offers/results/fetched.ts'
import type { Remark } from '../../../offers/results/results.ts'
import type { UpstreamSearch } from '../../../upstream-calls/cached-search.ts'
import type { UpstreamCallOptions } from '../../../upstream-calls/metered-call.ts'
import { appliedUpstream } from '../../../upstreams/search-filters.ts'
import { fetchResults, type UpstreamRows } from '../fetch-results.ts'
import type { PageRequest } from '../search-page.ts'

export interface FurtherQuery<Query> {
  query: Query
  /** Its place among the caller's pictures, from 1. */
  position: number
}

interface FurtherRequest<Query> extends PageRequest {
  query: Query
  further?: readonly FurtherQuery<Query>[]
}

/**
 * Without `maxCredits`, further pictures are searched by only where that is free. Pages of the combined results are cut
 * from the beginning of each, so that they neither overlap nor leave gaps.
 */
export async function fetchByAll<Query>(
  upstream: string,
  search: UpstreamSearch<Query>,
  { query, further = [], ...request }: FurtherRequest<Query>,
  call: UpstreamCallOptions,
): Promise<Fetched<UpstreamRows> & { remarks: Remark[] }> {
  if (further.length === 0) return { ...(await fetchResults(search, query, request, call)), remarks: [] }
  const { page, pageSize, filters, maxCredits = 0 } = request
  const firstPage = { page: 1, pageSize: search.maxPageSize, ...appliedUpstream(search.applies, filters) }
  const priceOf = async (each: Query) => (await search.priceOf(each, firstPage, call)) ?? 0
  const prices = await Promise.all([query, ...further.map(each => each.query)].map(priceOf))
  const affordable = affordableOf(prices, maxCredits)
  if (affordable.length === 0) {
    const rows = await fetchResults(search, query, request, call)
    return { ...rows, remarks: notSearched(upstream, further, prices, affordable) }
  }

  const whole = { ...request, page: 1, pageSize: page * pageSize }
  const first = await fetchResults(search, query, whole, call)
  const remarks: Remark[] = notSearched(upstream, further, prices, affordable)
  const found = [first]
  let spent = first.creditsSpent
  for (const index of affordable) {
    const another = further[index]
    if (!another) continue
    try {
      const within = { ...whole, maxCredits: Math.max(0, maxCredits - spent) }
      const rows = await fetchResults(search, another.query, within, call)
      spent += rows.creditsSpent
      found.push(rows)
    } catch (thrown) {
      throwIfAborted(call.signal, withMoreCredits(thrown, spent))
      const { code, message, hint, creditsSpent } = asAppError(thrown)
      if (code === 'internal') throw thrown
      spent += creditsSpent
      remarks.push({ kind: 'photo_search_failed', upstream, position: another.position, code, message, hint })
    }
  }
  return { ...combine(found, request), creditsSpent: spent, remarks }
}

/** Which further pictures can be paid for besides the first one, in their order. */
function affordableOf([first = 0, ...further]: readonly number[], maxCredits: number): number[] {
  let left = maxCredits - first
  return [...further.entries()].flatMap(([index, price]) => {
    if (price > 0 && price > left) return []
    left -= price
    return [index]
  })
}

function notSearched<Query>(
  upstream: string,
  further: readonly FurtherQuery<Query>[],
  [, ...prices]: readonly number[],
  affordable: readonly number[],
): Remark[] {
  const left = [...further.entries()].filter(([index]) => !affordable.includes(index))
  if (left.length === 0) return []
  const credits = left.reduce((sum, [index]) => sum + (prices[index] ?? 0), 0)
  return [{ kind: 'photos_not_searched', upstream, positions: left.map(([, { position }]) => position), credits }]
}

/** The best places of all come first: every first one, then every second one. */
function combine(answers: readonly Fetched<UpstreamRows>[], { page, pageSize }: PageRequest): Fetched<UpstreamRows> {
  const rows = answers.map(({ value }) => value)
  const offers = distinct(inTurns(rows.map(value => value.offers)))
  const end = page * pageSize
  return {
    value: {
      offers: offers.slice(end - pageSize, end),
      fetched: distinct(rows.flatMap(value => value.fetched)),
      totalFound: null,
      hasMore: offers.length > end || rows.some(({ hasMore }) => hasMore),
      unread: rows.find(({ unread }) => unread !== null)?.unread ?? null,
      applied: rows.map(({ applied }) => applied).reduce(inBoth),
      // All are read from their beginning.
      earlier: [],
    },
    creditsSpent: 0,
    retrievedAt: Math.min(...answers.map(({ retrievedAt }) => retrievedAt)),
    staleBecause: answers.find(({ staleBecause }) => staleBecause !== null)?.staleBecause ?? null,
  }
}

function inTurns(lists: readonly (readonly OfferSummary[])[]): OfferSummary[] {
  const longest = Math.max(...lists.map(({ length }) => length))
  return Array.from({ length: longest }, (_, place) => lists.flatMap(list => list[place] ?? [])).flat()
}

function distinct(offers: readonly OfferSummary[]): OfferSummary[] {
  const seen = new Set<string>()
  return offers.filter(({ offerId }) => !seen.has(offerId) && seen.add(offerId))
}

function inBoth(filters: SearchFilters, others: SearchFilters): SearchFilters {
  return Object.fromEntries(Object.entries(filters).filter(([name]) => name in others))
}
