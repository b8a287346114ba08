import { expect, test } from 'vitest'
import type { SyncResult } from '../../src/offers/results/results.ts'
import { shapeSync, syncText } from '../../src/shape/sync.ts'

const WHOLE: SyncResult = {
  upstream: 'parse',
  fetched: 734,
  total: 734,
  creditsToFinish: 0,
  offers: 734,
  compared: 734,
  picturesPending: 0,
  retryAfterMs: null,
  credits: { spent: 13, remaining: 87 },
  remarks: [],
}
const shaped = (change: Partial<SyncResult> = {}) => {
  const value = shapeSync({ ...WHOLE, ...change })
  return { ...value, text: syncText(value) }
}

test('a complete index is searched at no cost', () => {
  expect(shaped()).toMatchObject({ done: true, next: 'search_by_image now ranks all of it without spending credits.' })
  expect(shaped().text).toContain('done: 734 of 734 offers fetched from parse')
})

test('an upstream without an index says so, and that each search has its price', () => {
  const none = shaped({ upstream: 'tmapi', fetched: 0, total: null, creditsToFinish: 0 })
  expect(none).toMatchObject({ done: true, next: 'search_by_image asks tmapi directly, at its price per call.' })
  expect(none.text).toContain('done: tmapi has no index to fetch\n')
})

test('an unfinished sync says what is left and when to call again', () => {
  const limited = shaped({ fetched: 60, creditsToFinish: 12, retryAfterMs: 30_400 })
  expect(limited).toMatchObject({ done: false, retry_after_s: 31 })
  expect(limited.text).toContain('not done: 60 of 734 offers fetched from parse; the rest costs 12 credits')
  expect(limited.next).toBe('Call sync_catalogue again in 31 s; it continues from here.')
  expect(shaped({ fetched: 0, total: null, creditsToFinish: null }).text).toContain(
    'not done: 0 of an unknown number of offers fetched from parse',
  )
  expect(shaped({ picturesPending: 4 })).toMatchObject({ done: false, next: expect.stringMatching(/^4 pictures/) })
})
