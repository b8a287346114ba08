import { expect, test } from 'vitest'
import { fillIndex, remarksOnIndex } from '../../src/upstream-calls/fill-index-mirror.ts'
import type { AdvanceOptions, MirrorReport } from '../../src/upstream-calls/index-mirror.ts'
import { makeSource } from '../support/sources.ts'

/** A source of 150 offers, of which the first `fetched` are known; `asked` is what its mirror was told to fetch. */
function setUp(fetched: number, creditsPerCall = 1) {
  const asked: AdvanceOptions[] = []
  const reportAt = (count: number): MirrorReport => ({
    fetched: count,
    total: 150,
    creditsToFinish: count < 150 ? 1 : 0,
  })
  const mirror = {
    report: async () => reportAt(fetched),
    advance: async (options: AdvanceOptions) => {
      asked.push(options)
      return { report: reportAt(Math.min(150, fetched + 60)), creditsSpent: creditsPerCall }
    },
  }
  const { signal } = new AbortController()
  const source = { ...makeSource('parse', creditsPerCall), mirror }
  return { asked, fill: (page: number, pageSize: number) => fillIndex(source, { page, pageSize }, { signal }) }
}

test('the first page buys a page of the index, and waits at length only where nothing is known', async () => {
  const empty = setUp(0)
  expect(await empty.fill(1, 10)).toMatchObject({ value: { fetched: 60 }, creditsSpent: 1 })
  expect(empty.asked).toMatchObject([{ enough: 1, maxCredits: 1 }])
  expect(empty.asked[0]).not.toHaveProperty('maxWaitMs')
  const half = setUp(60)
  await half.fill(1, 10)
  expect(half.asked).toMatchObject([{ enough: 61, maxCredits: 1, maxWaitMs: 2_000 }])
})

test('a later page is cut from the same ranking as the first, for as long as that has enough', async () => {
  const { asked, fill } = setUp(60)
  expect(await fill(6, 10)).toMatchObject({ value: { fetched: 60 }, creditsSpent: 0 })
  expect(asked).toEqual([])
  expect(await fill(7, 10)).toMatchObject({ value: { fetched: 120 }, creditsSpent: 1 })
})

test('an index that is free is fetched whole', async () => {
  const { asked, fill } = setUp(60, 0)
  await fill(2, 10)
  expect(asked).toMatchObject([{ maxCredits: Number.POSITIVE_INFINITY }])
  expect(asked[0]).not.toHaveProperty('enough')
})

test('an index that is not whole is told', () => {
  expect(remarksOnIndex({ fetched: 60, total: 150, creditsToFinish: 2 })).toMatchObject([{ kind: 'index_incomplete' }])
  expect(remarksOnIndex({ fetched: 150, total: 150, creditsToFinish: 0 })).toEqual([])
  expect(remarksOnIndex(null)).toEqual([])
})
