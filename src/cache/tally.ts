/** Counts hits and misses without delaying the calls. */
import type { CacheStats } from '../offers/results/usage.ts'
import type { Clock } from '../time/clock.ts'
import type { CacheStore } from './cache-store.ts'

/** Counts are collected before they are written: a write takes longer than the hit it counts. */
const GATHER_MS = 1_000

export interface Tally {
  /** The call was answered without a request. */
  hit(creditsSaved: number): void
  /** The call asked the upstream. */
  miss(): void
  /** Resolves when all counts are written. */
  flush(): Promise<void>
}

/** Counts made within a second, or during a write, are written together. */
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
