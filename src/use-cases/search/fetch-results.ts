/** Reads as many pages of an upstream's own search as a page of results needs. */
import { withMoreCredits } from '../../errors.ts'
import {
  compareBy,
  createOfferFilter,
  isFiltered,
  type OfferFilters,
  type SearchFilters,
} from '../../offers/filters.ts'
import type { OfferSummary } from '../../offers/offer.ts'
import type { Fetched } from '../../offers/results/fetched.ts'
import type { UpstreamSearch } from '../../upstream-calls/cached-search.ts'
import type { UpstreamCallOptions } from '../../upstream-calls/metered-call.ts'
import { fetchWindow, type Rows } from '../../upstream-calls/paging.ts'
import { limitCredits } from '../../upstream-calls/payers/credit-limit.ts'
import type { OfferPage } from '../../upstreams/port.ts'
import { appliedUpstream } from '../../upstreams/search-filters.ts'
import { withoutApplied } from './offer-filter.ts'
import type { FoundOffer, PageRequest } from './search-page.ts'

/** Pages of an upstream that one call fetches at most, so that it ends in time. */
const MAX_FETCHED_PAGES = 5

export interface UpstreamRows extends Rows {
  /** The filters that the upstream applied to all of them. */
  applied: SearchFilters
  /** Offers of the pages before, as far as these are cached. */
  earlier: OfferSummary[]
}

/**
 * What the upstream does not filter is filtered here. Where that leaves the page short, further pages are read if they
 * are free or within `maxCredits`; without it, one page is bought at most.
 */
export async function fetchResults<Query>(
  search: UpstreamSearch<Query>,
  query: Query,
  request: PageRequest,
  call: UpstreamCallOptions,
): Promise<Fetched<UpstreamRows>> {
  const pages = createPages(search, query, request, call)
  let applied = pages.asked
  let creditsSpent = 0
  for (;;) {
    const before = creditsSpent
    const rows = await readWindow(pages, request, applied, before).catch(error => {
      throw withMoreCredits(error, before)
    })
    creditsSpent += rows.creditsSpent
    const applies = pages.applied()
    if (Object.keys(applies).length === Object.keys(applied).length)
      return { ...rows, creditsSpent, value: { ...rows.value, applied, earlier: await pages.earlier() } }
    // A page came back less filtered than announced: the window is cut again, with the rest applied here.
    applied = applies
  }
}

function readWindow<Query>(
  pages: Pages<Query>,
  request: PageRequest,
  applied: SearchFilters,
  creditsBefore: number,
): Promise<Fetched<Rows>> {
  const { page, pageSize, filters, except = [] } = request
  return fetchWindow(
    { page, pageSize },
    {
      size: pages.size,
      fetch: pages.fetch,
      refuse: (number, spent) => pages.refuse(number, creditsBefore + spent),
      ...((except.length > 0 || isFiltered(withoutApplied(filters, applied))) && {
        pick: (offers: readonly OfferSummary[]) =>
          inOrder(passing(offers, request, applied), filters, applied).map(({ offer }) => offer),
      }),
    },
  )
}

type Pages<Query> = ReturnType<typeof createPages<Query>>

/** The upstream's pages, each fetched once by this call. */
function createPages<Query>(
  search: UpstreamSearch<Query>,
  query: Query,
  { filters, maxCredits }: PageRequest,
  call: UpstreamCallOptions,
) {
  const size = search.maxPageSize
  const asked = appliedUpstream(search.applies, filters)
  const pageQuery = (page: number) => ({ page, pageSize: size, ...asked })
  const read = new Map<number, Fetched<OfferPage>>()
  let furtherPages = 0

  return {
    size,
    /** What the upstream is asked to apply. */
    asked,
    /** What it applied to every page so far. */
    applied: (): SearchFilters =>
      [...read.values()].reduce((common, { value }) => inBoth(common, value.applied ?? asked), asked),
    async fetch(number: number): Promise<Fetched<OfferPage>> {
      const known = read.get(number)
      if (known) return { ...known, creditsSpent: 0 }
      const fetched = await search.fetchPage(query, pageQuery(number), call)
      read.set(number, fetched)
      return fetched
    },
    /** What is cached of the pages before those that were read: the result begins there. */
    async earlier(): Promise<OfferSummary[]> {
      const first = Math.min(...read.keys(), MAX_FETCHED_PAGES + 1)
      const free = { ...call, payer: limitCredits(0, call.payer) }
      const offers: OfferSummary[] = []
      for (let page = 1; page < first; page++) {
        if ((await search.priceOf(query, pageQuery(page), call)) !== null) continue
        const cached = await search.fetchPage(query, pageQuery(page), free).catch(() => null)
        offers.push(...(cached?.value.offers ?? []))
      }
      return offers
    },
    /** The price of a page that may not be bought; `null` if it may be read. */
    async refuse(number: number, spent: number): Promise<number | null> {
      const price = read.has(number) ? null : await search.priceOf(query, pageQuery(number), call)
      if (price === null) return null
      furtherPages += 1
      const isPaidFor = maxCredits === undefined ? price === 0 || spent === 0 : spent + price <= maxCredits
      if (isPaidFor && furtherPages < MAX_FETCHED_PAGES) return null
      // Then the refused page is answered by the older one.
      const olderWillDo = maxCredits !== undefined && !isPaidFor && (await search.hasOlder(query, pageQuery(number)))
      return olderWillDo ? null : price
    },
  }
}

function inBoth(filters: SearchFilters, others: SearchFilters): SearchFilters {
  return Object.fromEntries(Object.entries(filters).filter(([name]) => name in others))
}

type Passing = Omit<FoundOffer, 'source'>

export function passing(
  offers: readonly OfferSummary[],
  { filters, except }: Pick<PageRequest, 'filters' | 'except'>,
  applied: SearchFilters,
): Passing[] {
  const filter = createOfferFilter(filters, applied)
  return offers.flatMap(offer => {
    const unlisted = except?.includes(offer.offerId) ? null : filter(offer)
    return unlisted === null ? [] : [{ offer, unlisted }]
  })
}

/** Those that fit first; where the upstream did not sort them, they are sorted here. */
export function inOrder(
  found: readonly Passing[],
  { sort = 'best_match' }: OfferFilters,
  applied: SearchFilters,
): Passing[] {
  const compare = compareBy(applied.sort === undefined ? sort : 'best_match')
  return found.toSorted(
    (a, b) => Number(a.unlisted.length > 0) - Number(b.unlisted.length > 0) || compare(a.offer, b.offer),
  )
}
