import fc from 'fast-check'
import { expect, test } from 'vitest'
import { distinctPage, hitsFor } from '../../src/use-cases/catalogue-sources.ts'
import { makeOffer } from '../support/catalogue-offers.ts'

const SOURCES = ['open1688', 'parse', 'import']

/** Hits of offers that one to three sources know, in a mixed order. */
const hits = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 40 }).chain(knownBy => {
  const all = knownBy.flatMap((count, index) =>
    SOURCES.slice(0, count).map(source => ({
      source,
      offer: makeOffer(String(10_000 + index)),
      firstSeenAt: 0,
      lastSeenAt: 0,
      factsSeenAt: null,
    })),
  )
  return fc.shuffledSubarray(all, { minLength: all.length })
})

test('the pages hold each offer once, and the last page knows how many there were', () => {
  fc.assert(
    fc.property(hits, fc.integer({ min: 1, max: 12 }), (all, pageSize) => {
      const shown: string[] = []
      const expected = new Set(all.map(({ offer }) => offer.offerId))
      for (let page = 1; ; page++) {
        const window = { page, pageSize }
        const found = distinctPage(all.slice(0, hitsFor(window, SOURCES)), all.length, window)
        shown.push(...found.shown.map(({ offer }) => offer.offerId))
        if (found.shown.length < pageSize) {
          expect(found.totalFound).toBe(expected.size)
          break
        }
      }
      expect(shown).toHaveLength(expected.size)
      expect(new Set(shown)).toEqual(expected)
    }),
  )
})
