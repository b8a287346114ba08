import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { isStoreUnavailable } from '../errors.ts'
import type { Clock } from '../time/clock.ts'
import type { ApiKey, KeyStore } from './api-key.ts'

/** How long a key is accepted without the database. A key revoked meanwhile can still read what is in memory. */
const TTL_MS = 600_000

const MAX_KEYS = 10_000

/** Asks `store` first and, only while that is unavailable, answers `find` and `isEmpty` from memory. */
export function createFallbackKeyStore(store: KeyStore, clock: Clock): KeyStore {
  const recent = new LRUCache<string, ApiKey>({
    max: MAX_KEYS,
    ttl: TTL_MS,
    ttlResolution: 0,
    perf: { now: clock.monotonic },
  })
  let wasEmpty: boolean | undefined

  return {
    ...store,
    async find(text) {
      const digest = createHash('sha256').update(text).digest('base64')
      try {
        const key = await store.find(text)
        if (key === null) recent.delete(digest)
        else recent.set(digest, key)
        return key
      } catch (error) {
        const known = recent.get(digest)
        if (!isStoreUnavailable(error) || known === undefined) throw error
        return known
      }
    },
    async isEmpty() {
      try {
        wasEmpty = await store.isEmpty()
        return wasEmpty
      } catch (error) {
        if (!isStoreUnavailable(error) || wasEmpty === undefined) throw error
        return wasEmpty
      }
    },
  }
}
