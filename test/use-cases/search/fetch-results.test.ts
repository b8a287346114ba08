import { expect, it } from 'vitest'
import { AppError } from '../../../src/errors.ts'
import type { OfferFilters, SearchFilters } from '../../../src/offers/filters.ts'
import type { Fetched } from '../../../src/offers/results/fetched.ts'
import type { UpstreamSearch } from '../../../src/upstream-calls/cached-search.ts'
import { OPEN1688_FILTERS } from '../../../src/upstreams/open1688/filters.ts'
import type { OfferPage } from '../../../src/upstreams/port.ts'
import { fetchResults } from '../../../src/use-cases/search/fetch-results.ts'
import { makeOffer } from '../../support/catalogue-offers.ts'

const CALL = { signal: new AbortController().signal }

/** Prices 1, 2, 3, ... CNY; every fourth is unknown. */
const OFFERS = Array.from({ length: 40 }, (_, index) => ({
  ...makeOffer(String(10_000 + index)),
  price: index % 4 === 3 ? null : { text: `${index + 1}.00`, min: index + 1, max: index + 1 },
}))

/** @param applied by page, where it is not all that is asked for; such a page has offers of every price. */
function setUp(applied: Readonly<Record<number, SearchFilters>>, price = 0, size = 20, cached: number[] = []) {
  const asked: { page: number; maxPrice: number | undefined }[] = []
  const search: UpstreamSearch<string> = {
    maxPageSize: size,
    applies: OPEN1688_FILTERS,
    fetchPage: async (_query, { page, maxPrice }): Promise<Fetched<OfferPage>> => {
      asked.push({ page, maxPrice })
      const rows = OFFERS.slice((page - 1) * size, page * size)
      const really = applied[page]
      const value: OfferPage = {
        offers: really ? rows : rows.filter(offer => !(offer.price && offer.price.min > (maxPrice ?? 1e9))),
        totalFound: OFFERS.length,
        hasMore: page * size < OFFERS.length,
        ...(really && { applied: really }),
      }
      return { value, creditsSpent: price, retrievedAt: 1_000, staleBecause: null }
    },
    priceOf: async (_query, { page }) => (cached.includes(page) ? null : price),
    hasOlder: async () => false,
  }
  const fetch = async (filters: OfferFilters, page = 1, pageSize = 10, maxCredits?: number) =>
    fetchResults(search, 'words', { page, pageSize, filters, maxCredits }, CALL)
  return { asked, fetch, search }
}

it('trusts a page that the upstream filtered, unknown values included', async () => {
  const { fetch } = setUp({})
  const { value } = await fetch({ maxPrice: 9 })
  expect(value.applied).toEqual({ maxPrice: 9 })
  expect(value.offers.map(({ price }) => price?.min ?? null)).toEqual([1, 2, 3, null, 5, 6, 7, null, 9, null])
})

it('filters and sorts here what a page was not filtered and sorted by', async () => {
  const { fetch, asked } = setUp({ 1: {}, 2: {} })
  const { value } = await fetch({ maxPrice: 9, sort: 'price_desc' })
  expect(value.applied).toEqual({})
  expect(value.offers.map(({ price }) => price?.min ?? null)).toEqual([9, 7, 6, 5, 3, 2, 1, null, null, null])
  // No page is fetched twice, although the window is cut twice.
  expect(asked).toEqual([{ page: 1, maxPrice: 9 }])
})

it('says of pages that were filtered differently only what holds for all of them', async () => {
  const { fetch, asked } = setUp({ 2: { minPrice: 2 } }, 1)
  const { value, creditsSpent } = await fetch({ minPrice: 2, maxPrice: 30 }, 1, 30, 9)
  expect(value.applied).toEqual({ minPrice: 2 })
  expect(value.offers.every(({ price }) => price === null || price.min <= 30)).toBe(true)
  expect(asked.map(({ page }) => page)).toEqual([1, 2])
  expect(creditsSpent).toBe(2)
})

it('counts a later page in offers that fit once it turns out not to be filtered', async () => {
  const { fetch, asked } = setUp({ 1: {}, 2: {} }, 0, 10)
  const { value } = await fetch({ maxPrice: 6 }, 2, 10)
  expect(asked.map(({ page }) => page)).toEqual([2, 1, 3, 4])
  // Five offers up to 6 CNY and ten without a price pass.
  expect(value.offers).toHaveLength(5)
})

it('names a further page that failed, and keeps what was read', async () => {
  const { search } = setUp({ 1: {} }, 1)
  const failure = new AppError({ code: 'rate_limited', message: 'no', hint: 'later', creditsSpent: 1 })
  const failing: UpstreamSearch<string> = {
    ...search,
    fetchPage: (query, page, call) => (page.page === 1 ? search.fetchPage(query, page, call) : Promise.reject(failure)),
  }
  const request = { page: 1, pageSize: 20, filters: { maxPrice: 9 }, maxCredits: 5 }
  const { value, creditsSpent } = await fetchResults(failing, 'words', request, CALL)
  expect(value).toMatchObject({ hasMore: true, unread: { credits: 0, failure } })
  expect(value.offers).not.toHaveLength(0)
  expect(creditsSpent).toBe(2)
})

it('reads an older answer of a page that max_credits does not allow to buy', async () => {
  const { search, asked } = setUp({ 1: {}, 2: {} }, 1)
  const request = { page: 1, pageSize: 20, filters: { maxPrice: 9 }, maxCredits: 1 }
  expect((await fetchResults(search, 'words', request, CALL)).value.unread).toEqual({ credits: 1, failure: null })
  await fetchResults({ ...search, hasOlder: async () => true }, 'words', request, CALL)
  expect(asked.map(({ page }) => page)).toEqual([1, 1, 2])
})

it('reads what is cached of the pages before, and buys none of them', async () => {
  const { fetch, asked } = setUp({}, 1, 10, [2])
  const { value, creditsSpent } = await fetch({}, 4, 10)
  expect(asked.map(({ page }) => page)).toEqual([4, 2])
  expect(creditsSpent).toBe(1)
  expect(value.earlier).toEqual(OFFERS.slice(10, 20))
  expect(value.offers).toEqual(OFFERS.slice(30, 40))
})
