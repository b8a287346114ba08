/** The port of the store behind the reply cache: cached answers, and leases that show all processes who is fetching. */
import type { CacheStats } from '../offers/results/usage.ts'

/** How long after its last sign of life a flight counts as crashed, in milliseconds; then somebody else may fetch. */
export const LEASE_MS = 5_000

export interface CacheEntry {
  /** The flight that brought it: another id means that another answer has come. */
  flightId: string
  /** JSON text; what is in it is the cache's own affair. */
  content: string
  /** When the answer came, milliseconds since 1970. */
  retrievedAt: number
  /** Credits that it cost. */
  creditsSpent: number
}

export interface NewCacheEntry extends Omit<CacheEntry, 'flightId'> {
  /** From when on it is of no use any more, milliseconds since 1970: such entries make room first. */
  uselessAt: number
}

/** Whether somebody is fetching an answer right now. `failed` stays to be seen for {@link LEASE_MS}. */
export type FlightState = { state: 'none' } | { state: 'flying' } | { state: 'failed'; failure: string }

/** What a look at a key shows. */
export interface StoreLook {
  entry: CacheEntry | null
  flight: FlightState
}

/** How a flight ends: with an answer, with an error (as JSON text) that is told to those who wait but never kept, or with nothing to tell. */
export type FlightEnd =
  | { kind: 'landed'; entry: NewCacheEntry }
  | { kind: 'failed'; failure: string }
  | { kind: 'abandoned' }

/** A store of answers. Every method rejects where the store cannot be used. */
export interface CacheStore {
  look(key: string): Promise<StoreLook>
  /**
   * Takes the lease of a key, unless a flight is on its way or another entry than the one of `seenFlightId` (`null`: none) has come.
   * @returns whether the lease was taken.
   */
  claim(key: string, flightId: string, seenFlightId: string | null): Promise<boolean>
  /** A sign of life: the lease holds for {@link LEASE_MS} from now on. Does nothing for a flight that has lost its lease. */
  renew(key: string, flightId: string): Promise<void>
  /** Ends a flight. An answer is kept even where the flight has lost its lease: it was paid for. */
  end(key: string, flightId: string, end: FlightEnd): Promise<void>
  /** Adds to the statistics. */
  count(change: CacheStats): Promise<void>
  stats(): Promise<CacheStats>
  close(): Promise<void>
}

/** The store that keeps nothing: every look is a miss, and every claim is granted. */
export const NULL_CACHE_STORE: CacheStore = {
  look: async () => ({ entry: null, flight: { state: 'none' } }),
  claim: async () => true,
  renew: async () => undefined,
  end: async () => undefined,
  count: async () => undefined,
  stats: async () => ({ hits: 0, misses: 0, creditsSaved: 0 }),
  close: async () => undefined,
}
