import { expect, test } from 'vitest'
import { NULL_CACHE_STORE } from '../../src/cache/cache-store.ts'
import { createReplyCache } from '../../src/cache/reply-cache.ts'
import { createTally } from '../../src/cache/tally.ts'
import { createLogger } from '../../src/log.ts'
import type { CacheStats } from '../../src/offers/results/usage.ts'
import { systemClock } from '../../src/time/clock.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

/** A store whose writes end when the test says so. */
function createSlowStore() {
  const written: CacheStats[] = []
  const ends: (() => void)[] = []
  let isClosed = false
  const store = {
    ...NULL_CACHE_STORE,
    async count(change: CacheStats) {
      await new Promise<void>(resolve => ends.push(resolve))
      if (isClosed) throw new Error('the store is closed')
      written.push(change)
    },
    async close() {
      isClosed = true
    },
  }
  return { store, written, ends }
}

test('what is counted within a second is written once, what is counted during a write in the next one', async () => {
  const { store, written, ends } = createSlowStore()
  const clock = createVirtualClock()
  const tally = createTally(store, clock)
  tally.miss()
  tally.hit(1)
  await clock.advance(999)
  expect(ends).toHaveLength(0)
  await clock.advance(1)
  expect(ends).toHaveLength(1)
  tally.hit(0.5)
  tally.miss()
  const flushed = tally.flush()
  ends[0]?.()
  await new Promise(setImmediate)
  ends[1]?.()
  await flushed
  expect(written).toEqual([
    { hits: 1, misses: 1, creditsSaved: 1 },
    { hits: 1, misses: 1, creditsSaved: 0.5 },
  ])
  expect(clock.timers).toBe(0)
})

test('the cache writes what it has counted before it closes its store', async () => {
  const { store, written, ends } = createSlowStore()
  const logger = createLogger({ level: 'silent', write: () => undefined })
  const cache = createReplyCache({ store, clock: systemClock, logger })
  const key = { scope: 'parse', kind: 'details', id: '1' } as const
  const policy = { freshMs: 1, staleMs: 1, negativeMs: 1 }
  const signal = new AbortController().signal
  await cache.through(key, policy, async () => ({ value: 1, creditsSpent: 1 }), { signal, decode: Number })
  const closed = cache.close()
  await new Promise(setImmediate)
  ends[0]?.()
  await closed
  expect(written).toEqual([{ hits: 0, misses: 1, creditsSaved: 0 }])
})
