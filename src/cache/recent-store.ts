import { LRUCache } from 'lru-cache'
import type { CacheEntry, CacheStore, StoreLook } from './cache-store.ts'

const MAX_ENTRIES = 2_000
/** Characters of JSON. */
const MAX_SIZE = 8 * 2 ** 20

/**
 * Falls back to memory when `store` fails to read, so recent answers survive a database outage. Failed writes still
 * reject.
 */
export function createRecentStore(store: CacheStore): CacheStore {
  const recent = new LRUCache<string, CacheEntry>({
    max: MAX_ENTRIES,
    maxSize: MAX_SIZE,
    sizeCalculation: ({ content }) => Math.max(1, content.length),
  })
  return {
    ...store,
    async look(key): Promise<StoreLook> {
      try {
        const look = await store.look(key)
        if (look.entry) recent.set(key, look.entry)
        return look
      } catch (error) {
        const entry = recent.get(key)
        if (entry === undefined) throw error
        return { entry, flight: { state: 'none' } }
      }
    },
    async end(key, flightId, end) {
      if (end.kind === 'answered') recent.set(key, { ...end.entry, flightId })
      await store.end(key, flightId, end)
    },
  }
}
