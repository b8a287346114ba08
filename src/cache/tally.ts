/** Owns counting what the cache does without holding up the calls that are counted. */
import type { CacheStats, CacheStore } from './cache-store.ts'

/** Counts that are on their way to the store. */
export interface Tally {
  /** Counts a call that was answered without a request of its own. */
  hit(creditsSaved: number): void
  /** Counts a call that asked the upstream. */
  miss(): void
  /** Resolves when all that was counted is written. */
  flush(): Promise<void>
}

/** Makes a tally. What is counted while a write is under way goes into the next one, all at once. */
export function createTally(store: CacheStore): Tally {
  let pending: CacheStats | null = null
  let writing: Promise<void> | null = null

  function add(change: CacheStats): void {
    pending = {
      hits: (pending?.hits ?? 0) + change.hits,
      misses: (pending?.misses ?? 0) + change.misses,
      creditsSaved: (pending?.creditsSaved ?? 0) + change.creditsSaved,
    }
    writing ??= write()
  }

  async function write(): Promise<void> {
    while (pending !== null) {
      const change = pending
      pending = null
      await store.count(change)
    }
    writing = null
  }

  return {
    hit: creditsSaved => add({ hits: 1, misses: 0, creditsSaved }),
    miss: () => add({ hits: 0, misses: 1, creditsSaved: 0 }),
    flush: async () => void (await writing),
  }
}
