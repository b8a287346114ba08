import fc from 'fast-check'
import { describe, expect, it, onTestFinished, test } from 'vitest'
import { createSqliteCatalogue } from '../../src/catalogue/sqlite/catalogue.ts'
import { IN_MEMORY } from '../../src/store/sqlite.ts'
import { createSources, distinctPage, hitsFor, removeSample } from '../../src/use-cases/catalogue-sources.ts'
import { makeOffer } from '../support/catalogue-offers.ts'
import { DIST_DIR } from '../support/package-dirs.ts'
import { makeUpstreamClient } from '../support/upstream-client.ts'

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

test('the pages hold each offer once, and say how many there are', () => {
  fc.assert(
    fc.property(hits, fc.integer({ min: 1, max: 12 }), (all, pageSize) => {
      const shown: string[] = []
      const expected = new Set(all.map(({ offer }) => offer.offerId))
      for (let page = 1; ; page++) {
        const window = { page, pageSize }
        const found = distinctPage(all.slice(0, hitsFor(window, SOURCES)), expected.size, window)
        shown.push(...found.shown.map(({ offer }) => offer.offerId))
        expect(found.totalFound).toBe(expected.size)
        if (found.shown.length < pageSize) break
      }
      expect(shown).toHaveLength(expected.size)
      expect(new Set(shown)).toEqual(expected)
    }),
  )
})

describe('sample offers', () => {
  const setUp = (name: string, isSampleStandIn: boolean) => {
    const catalogue = createSqliteCatalogue({ file: IN_MEMORY, distDir: DIST_DIR })
    onTestFinished(() => catalogue.close())
    const upstream = makeUpstreamClient(name, 0)
    const sources = createSources({ catalogue, upstreams: [upstream], isSampleStandIn })
    return { catalogue, ...sources, searched: () => sources.searchedWith(upstream) }
  }

  it('fill in only until something is imported', async () => {
    const { catalogue, searched, all } = setUp('sample', true)
    expect(await searched()).toEqual(['sample', 'import'])
    await catalogue.putOffers('import', [makeOffer('700001')], 1)
    expect(await searched()).toEqual(['import'])
    expect(await all()).toEqual(['import'])
  })

  it('stay away once they were removed, unless they are asked for by name', async () => {
    const { catalogue, searched } = setUp('sample', true)
    await catalogue.putMirrorPage('sample', [makeOffer('10001')], { pagesFetched: 1, totalFound: 1, completedAt: 1 }, 1)
    expect(await removeSample(catalogue, 2)).toBe(1)
    expect(await searched()).toEqual(['import'])
    const asked = createSources({ catalogue, upstreams: [makeUpstreamClient('sample', 0)], isSampleStandIn: false })
    expect(await asked.all()).toEqual(['sample', 'import'])
  })

  it('are noted only where an answer holds one, or could have', async () => {
    const { remarksOn } = setUp('sample', false)
    const both = ['sample', 'import']
    expect(await remarksOn(both, ['import'])).toEqual([])
    expect(await remarksOn(both, ['import', 'sample'])).toEqual([{ kind: 'sample_data' }])
    expect(await remarksOn(both, [])).toEqual([{ kind: 'sample_data' }])
  })

  it('are never searched with own offers alone, which an answer says', async () => {
    const { catalogue, searched, remarksOn } = setUp('own', false)
    expect(await searched()).toEqual(['import'])
    expect(await remarksOn(['import'], [])).toEqual([{ kind: 'own_only', isEmpty: true }])
    await catalogue.putOffers('import', [makeOffer('700001')], 1)
    expect(await remarksOn(['import'], [])).toEqual([{ kind: 'own_only', isEmpty: false }])
  })
})
