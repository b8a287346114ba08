/** The port of the reply cache's store: cached answers, and leases that let processes share a fetch. */
import type { CacheStats } from '../offers/results/usage.ts'

/** A flight whose last heartbeat is older than this counts as crashed, and another process may fetch. */
export const LEASE_MS = 5_000

export interface CacheEntry {
  /** The flight that fetched it: another ID means another answer. */
  flightId: string
  /** JSON text, opaque to the store. */
  content: string
  /** Milliseconds since 1970. */
  retrievedAt: number
  creditsSpent: number
}

export interface NewCacheEntry extends Omit<CacheEntry, 'flightId'> {
  /** When it expires for every purpose, milliseconds since 1970: expired entries are evicted first. */
  uselessAt: number
}

/** Whether a process is fetching the answer. `failed` stays visible for {@link LEASE_MS}. */
export type FlightState = { state: 'none' } | { state: 'fetching' } | { state: 'failed'; failure: string }

export interface StoreLook {
  entry: CacheEntry | null
  flight: FlightState
}

/** A failure (JSON text) is passed to waiting callers but never cached; an abandoned flight leaves nothing. */
export type FlightEnd =
  | { kind: 'answered'; entry: NewCacheEntry }
  | { kind: 'failed'; failure: string }
  | { kind: 'abandoned' }

/** Every method rejects if the store is unavailable. */
export interface CacheStore {
  look(key: string): Promise<StoreLook>
  /**
   * Takes the lease on a key, unless another flight holds it or the entry has changed since the caller saw it:
   * `seenFlightId` is the flight that wrote it, or `null` if there was no entry.
   * @returns whether the lease was taken.
   */
  claim(key: string, flightId: string, seenFlightId: string | null): Promise<boolean>
  /** Heartbeat: extends the lease to {@link LEASE_MS} from now, unless the flight has lost it. */
  renew(key: string, flightId: string): Promise<void>
  /** Ends a flight. An answer is stored even if the flight has lost its lease: it was paid for. */
  end(key: string, flightId: string, end: FlightEnd): Promise<void>
  count(change: CacheStats): Promise<void>
  stats(): Promise<CacheStats>
  close(): Promise<void>
}

/** Stores nothing: every look is a miss, and every claim is granted. */
export const NULL_CACHE_STORE: CacheStore = {
  look: async () => ({ entry: null, flight: { state: 'none' } }),
  claim: async () => true,
  renew: async () => undefined,
  end: async () => undefined,
  count: async () => undefined,
  stats: async () => ({ hits: 0, misses: 0, creditsSaved: 0 }),
  close: async () => undefined,
}
