import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { fetchWindow } from '../../src/upstream-calls/paging.ts'
import { makeOffer } from '../support/catalogue-offers.ts'

/** An upstream's list of `size` offers in pages of `fullSize`, with every page that was asked for. */
function setUp(size: number, fullSize: number, told: 'total' | 'more' | 'nothing' = 'total') {
  const offers = Array.from({ length: size }, (_, index) => makeOffer(String(1_000 + index)))
  const asked: number[] = []
  const fetchPage = async (page: number) => {
    asked.push(page)
    const value = {
      offers: offers.slice((page - 1) * fullSize, page * fullSize),
      totalFound: told === 'total' ? size : null,
      hasMore: told === 'more' ? page * fullSize < size : null,
    }
    return { value, creditsSpent: 1, retrievedAt: 1_000 - page, staleBecause: null }
  }
  return { offers, asked, fetchPage }
}

describe('fetchWindow', () => {
  it('returns the same as one long list, and asks for each full page once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 90 }),
        fc.constantFrom(7, 20, 60),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom('total' as const, 'more' as const, 'nothing' as const),
        async (size, fullSize, page, pageSize, told) => {
          const { offers, asked, fetchPage } = setUp(size, fullSize, told)
          const { value: rows, creditsSpent } = await fetchWindow(
            { page, pageSize },
            { size: fullSize, fetch: fetchPage },
          )
          expect(rows.offers).toEqual(offers.slice((page - 1) * pageSize, page * pageSize))
          expect(new Set(asked).size).toBe(asked.length)
          expect(creditsSpent).toBe(asked.length)
          // Without any hint, a full last page looks as if more followed.
          if (told !== 'nothing' && rows.offers.length > 0) expect(rows.hasMore).toBe(page * pageSize < size)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('reports the age of the oldest page, and the cost before a page that fails', async () => {
    const { fetchPage } = setUp(60, 20)
    expect(await fetchWindow({ page: 1, pageSize: 40 }, { size: 20, fetch: fetchPage })).toMatchObject({
      retrievedAt: 998,
    })
    const failing = async (page: number) => {
      if (page < 3) return fetchPage(page)
      throw new AppError({ code: 'upstream_unavailable', message: 'no', hint: 'later', creditsSpent: 1 })
    }
    await expect(fetchWindow({ page: 1, pageSize: 60 }, { size: 20, fetch: failing })).rejects.toMatchObject({
      creditsSpent: 3,
    })
  })

  it('fills a filtered window from further pages, and counts what is kept', async () => {
    const { offers, asked, fetchPage } = setUp(60, 20)
    const isKept = ({ offerId }: { offerId: string }) => Number(offerId) % 4 === 0
    const kept = offers.filter(isKept)
    for (const page of [1, 2, 3]) {
      const { value } = await fetchWindow(
        { page, pageSize: 6 },
        { size: 20, fetch: fetchPage, pick: list => list.filter(isKept) },
      )
      expect(value.offers).toEqual(kept.slice((page - 1) * 6, page * 6))
    }
    expect(asked).toEqual([1, 2, 1, 2, 3, 1, 2, 3])
  })

  it('stops before a page that may not be read, and says what it costs', async () => {
    const { asked, fetchPage } = setUp(60, 20)
    const refuse = async (_page: number, spent: number) => (spent < 2 ? null : 1)
    const { value } = await fetchWindow({ page: 1, pageSize: 60 }, { size: 20, fetch: fetchPage, refuse })
    expect(asked).toEqual([1, 2])
    expect(value).toMatchObject({ hasMore: true, unread: { credits: 1 } })
  })
})
