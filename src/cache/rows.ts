/** Reads the rows of the cache, whose columns both databases name alike. */
import type { CacheStats } from '../offers/results/usage.ts'
import { nullableTextIn, numberIn, type Row, textIn } from '../store/row.ts'
import type { CacheEntry, FlightState } from './cache-store.ts'

export function readEntry(row: Row): CacheEntry {
  return {
    flightId: textIn(row, 'flight_id'),
    content: textIn(row, 'content'),
    retrievedAt: numberIn(row, 'retrieved_at'),
    creditsSpent: numberIn(row, 'credits'),
  }
}

export function readFlight(row: Row): FlightState {
  const failure = nullableTextIn(row, 'failure')
  return failure === null ? { state: 'fetching' } : { state: 'failed', failure }
}

export function readCacheStats(row: Row | undefined): CacheStats {
  return {
    hits: numberIn(row, 'hits'),
    misses: numberIn(row, 'misses'),
    creditsSaved: numberIn(row, 'credits_saved'),
  }
}
