/** Counts hits and misses without holding up the calls that are counted. */
import type { CacheStats } from '../offers/results/usage.ts'
import type { Clock } from '../time/clock.ts'
import type { CacheStore } from './cache-store.ts'

/** How long counts are gathered before they are written, in milliseconds: a write takes longer than the hit that it counts. */
const GATHER_MS = 1_000

/** Counts that are on their way to the store. */
export interface Tally {
  /** Counts a call that was answered without a request of its own. */
  hit(creditsSaved: number): void
  /** Counts a call that asked the upstream. */
  miss(): void
  /** Resolves when all that was counted is written. */
  flush(): Promise<void>
}

/** Makes a tally. What is counted within a second, and while a write is under way, is written all at once. */
export function createTally(store: CacheStore, clock: Clock): Tally {
  let pending: CacheStats | null = null
  let stopTimer: (() => void) | null = null
  let writing: Promise<void> = Promise.resolve()

  function add(change: CacheStats): void {
    pending = {
      hits: (pending?.hits ?? 0) + change.hits,
      misses: (pending?.misses ?? 0) + change.misses,
      creditsSaved: (pending?.creditsSaved ?? 0) + change.creditsSaved,
    }
    stopTimer ??= clock.setTimer(() => void flush(), GATHER_MS)
  }

  function flush(): Promise<void> {
    stopTimer?.()
    stopTimer = null
    writing = writing.then(write)
    return writing
  }

  async function write(): Promise<void> {
    const change = pending
    pending = null
    if (change !== null) await store.count(change)
  }

  return {
    hit: creditsSaved => add({ hits: 1, misses: 0, creditsSaved }),
    miss: () => add({ hits: 0, misses: 1, creditsSaved: 0 }),
    flush,
  }
}
