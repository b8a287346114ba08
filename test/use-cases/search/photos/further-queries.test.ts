import { expect, it } from 'vitest'
import { AppError } from '../../../../src/errors.ts'
import type { UpstreamSearch } from '../../../../src/upstream-calls/cached-search.ts'
import { fetchByAll } from '../../../../src/use-cases/search/photos/further-queries.ts'
import { makeOffer } from '../../../support/catalogue-offers.ts'

const CALL = { signal: new AbortController().signal }
const SIZE = 4

/** What each photo finds, a word an offer; a photo that is not listed cannot be searched by. */
const FOUND: Readonly<Record<string, string>> = {
  front: '10001 10002 10003 10004 10005 10006',
  back: '10001 10007 10008 10002 10009',
  side: '10010 10011',
}

function setUp(price: number) {
  const cached = new Set<string>()
  const asked: string[] = []
  const search: UpstreamSearch<string> = {
    maxPageSize: SIZE,
    applies: { limits: new Set(), sorts: new Set(), sellers: new Set() },
    async fetchPage(photo, { page }) {
      const name = `${photo} ${page}`
      const isCached = cached.has(name)
      cached.add(name)
      if (!isCached) asked.push(name)
      const ids = FOUND[photo]?.split(' ')
      if (!ids) throw new AppError({ code: 'upstream_unavailable', message: 'Down.', hint: 'Wait.', creditsSpent: 1 })
      const offers = ids.slice((page - 1) * SIZE, page * SIZE).map(id => makeOffer(id))
      const value = { offers, totalFound: ids.length, hasMore: page * SIZE < ids.length }
      return { value, creditsSpent: isCached ? 0 : price, retrievedAt: 1_000 - page, staleBecause: null }
    },
    priceOf: async (photo, { page }) => (cached.has(`${photo} ${page}`) ? null : price),
    hasOlder: async () => false,
  }
  const run = async (photos: string[], page: number, pageSize: number, maxCredits?: number) => {
    const [query = '', ...others] = photos
    const further = others.map((each, index) => ({ query: each, position: index + 2 }))
    const request = { query, further, page, pageSize, filters: {}, maxCredits }
    const { value, creditsSpent, remarks } = await fetchByAll('tmapi', search, request, CALL)
    return { ids: value.offers.map(({ offerId }) => Number(offerId) - 10_000), value, creditsSpent, remarks }
  }
  return { asked, run }
}

it('searches by the first photo only without max_credits, and names the price of the others', async () => {
  const { asked, run } = setUp(1)
  const { ids, creditsSpent, remarks } = await run(['front', 'back', 'side'], 1, 3)
  expect(ids).toEqual([1, 2, 3])
  expect(creditsSpent).toBe(1)
  expect(remarks).toEqual([{ kind: 'photos_not_searched', upstream: 'tmapi', positions: [2, 3], credits: 2 }])
  expect(asked).toEqual(['front 1'])
})

it('puts the best places of all photos first, each offer once, on pages without gaps or repeats', async () => {
  const { run } = setUp(1)
  const first = await run(['front', 'back', 'side'], 1, 4, 9)
  expect(first.ids).toEqual([1, 10, 2, 7])
  expect(first).toMatchObject({ creditsSpent: 3, remarks: [], value: { hasMore: true, totalFound: null } })
  const second = await run(['front', 'back', 'side'], 2, 4, 9)
  expect(second.ids).toEqual([11, 3, 8, 4])
  const third = await run(['front', 'back', 'side'], 3, 4, 9)
  expect(third.ids).toEqual([5, 9, 6])
  expect(third).toMatchObject({ creditsSpent: 0, value: { hasMore: false } })
})

it('buys as many searches as max_credits allows, in the order of the photos', async () => {
  const { asked, run } = setUp(1)
  const { creditsSpent, remarks } = await run(['front', 'back', 'side'], 1, 4, 2)
  expect(creditsSpent).toBe(2)
  expect(remarks).toEqual([{ kind: 'photos_not_searched', upstream: 'tmapi', positions: [3], credits: 1 }])
  expect(asked).toEqual(['front 1', 'back 1'])
})

it('searches by every photo where that costs nothing', async () => {
  const { run } = setUp(0)
  expect((await run(['front', 'side'], 1, 4)).ids).toEqual([1, 10, 2, 11])
})

it('goes on without a photo whose search fails, and counts what it cost', async () => {
  const { run } = setUp(1)
  const { ids, creditsSpent, remarks } = await run(['front', 'broken', 'side'], 1, 4, 5)
  expect(ids).toEqual([1, 10, 2, 11])
  expect(creditsSpent).toBe(3)
  expect(remarks).toMatchObject([{ kind: 'photo_search_failed', position: 2, code: 'upstream_unavailable' }])
})
