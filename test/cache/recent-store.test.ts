import { expect, test } from 'vitest'
import { type CacheStore, type NewCacheEntry, NULL_CACHE_STORE } from '../../src/cache/cache-store.ts'
import { createRecentStore } from '../../src/cache/recent-store.ts'

const away = new Error('away')
const entryOf = (content: string): NewCacheEntry => ({ content, retrievedAt: 1, creditsSpent: 1, uselessAt: 9 })
const NOTHING = { entry: null, flight: { state: 'none' } }

/** A store that has `kept` until it goes away. */
function createFickle(kept: Record<string, string>) {
  const state = { isAway: false }
  const store: CacheStore = {
    ...NULL_CACHE_STORE,
    async look(key) {
      if (state.isAway) throw away
      const content = kept[key]
      const entry = content === undefined ? null : { flightId: 'theirs', content, retrievedAt: 1, creditsSpent: 1 }
      return { entry, flight: { state: 'none' } }
    },
    async end() {
      if (state.isAway) throw away
    },
  }
  return { state, recent: createRecentStore(store) }
}

test('only what was read or fetched is available while the store is down', async () => {
  const { state, recent } = createFickle({ read: 'one' })
  await recent.look('read')
  expect(await recent.look('fetched')).toEqual(NOTHING)
  await recent.end('fetched', 'ours', { kind: 'answered', entry: entryOf('two') })
  state.isAway = true
  expect((await recent.look('read')).entry).toMatchObject({ content: 'one', flightId: 'theirs' })
  expect((await recent.look('fetched')).entry).toMatchObject({ content: 'two', flightId: 'ours' })
  await expect(recent.look('other')).rejects.toBe(away)
  await expect(recent.end('paid', 'ours', { kind: 'answered', entry: entryOf('three') })).rejects.toBe(away)
  expect((await recent.look('paid')).entry?.content).toBe('three')
})

test('the store is asked first, and the oldest answers are evicted', async () => {
  const { state, recent } = createFickle({ changed: 'new' })
  await recent.end('changed', 'ours', { kind: 'answered', entry: entryOf('old') })
  expect((await recent.look('changed')).entry?.content).toBe('new')
  const large = 'x'.repeat(3 * 2 ** 20)
  for (const key of ['a', 'b', 'c']) await recent.end(key, 'ours', { kind: 'answered', entry: entryOf(large) })
  state.isAway = true
  await expect(recent.look('a')).rejects.toBe(away)
  expect((await recent.look('c')).entry?.content).toBe(large)
})
