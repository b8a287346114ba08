/** Owns knowing callers while the database of the keys is away: whoever was let in lately is let in. */
import { createHash } from 'node:crypto'
import { AppError } from '../errors.ts'
import type { Clock } from '../time/clock.ts'
import type { ApiKey, KeyStore } from './api-key.ts'

/** How long a key is known without the database, in milliseconds; so long a revoked one may still read what is in memory. */
const REMEMBERED_MS = 600_000

/** Keys that are remembered at most; those seen longest ago go first. */
const MAX_REMEMBERED = 10_000

/** Makes a store that answers {@link KeyStore.find} and {@link KeyStore.isEmpty} from memory where `store` is unavailable. The database is asked first each time. */
export function createRememberingKeyStore(store: KeyStore, clock: Clock): KeyStore {
  const remembered = new Map<string, { key: ApiKey; at: number }>()
  let wasEmpty: boolean | undefined

  const remember = (digest: string, key: ApiKey | null): void => {
    remembered.delete(digest)
    if (key === null) return
    remembered.set(digest, { key, at: clock.monotonic() })
    const [oldest] = remembered.keys()
    if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest)
  }
  return {
    ...store,
    async find(text) {
      const digest = createHash('sha256').update(text).digest('base64')
      try {
        const key = await store.find(text)
        remember(digest, key)
        return key
      } catch (error) {
        const known = remembered.get(digest)
        if (!isAway(error) || known === undefined || clock.monotonic() - known.at > REMEMBERED_MS) throw error
        return known.key
      }
    },
    async isEmpty() {
      try {
        wasEmpty = await store.isEmpty()
        return wasEmpty
      } catch (error) {
        if (!isAway(error) || wasEmpty === undefined) throw error
        return wasEmpty
      }
    },
  }
}

/** Whether an error says that a store cannot be used now. */
export function isAway(error: unknown): boolean {
  return error instanceof AppError && error.code === 'store_unavailable'
}
