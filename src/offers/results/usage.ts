/** Where keys, the cache and the catalogue stand. */
import type { OfferSummary } from '../offer.ts'
import type { MirrorReport, Remark } from './results.ts'

export interface LedgerUsage {
  /** Calls that would be granted now. */
  callsFree: number | null
  /** Milliseconds until the next call would be granted; 0 = now. */
  nextCallInMs: number
  creditsUsed: number
  creditsLeft: number | null
  /**
   * When credits come back, milliseconds since 1970: all on the reset day, else the oldest ones; `null` where there is
   * neither.
   */
  creditsResetAt: number | null
  /** Processes and calls that wait for a slot. */
  waiting: number
  /** Whether the key was switched to even spacing after a 429 that the ledger could not explain. */
  evenlySpaced: boolean
}

/** What the cache has done, in all processes since the store was made. */
export interface CacheStats {
  /** Calls that were answered without a request of their own. */
  hits: number
  /** Calls that asked the upstream. */
  misses: number
  /** Credits that the hits would have cost. */
  creditsSaved: number
}

/** What the catalogue holds of one source. */
export interface CatalogueCounts {
  source: string
  offers: number
  withPicture: number
  /** Those whose picture searches compare. */
  embedded: number
  /** Milliseconds since 1970. */
  firstSeenAt: number
  lastSeenAt: number
}

export interface CatalogueOverview {
  sources: CatalogueCounts[]
  /** The first offers that searches rank, by source and id. */
  offers: { source: string; offer: OfferSummary }[]
  /** Offers that are not listed. */
  leftOut: number
}

/** What the key of an upstream may do, and where it stands. */
export interface UpstreamLimits {
  /** The plan's name. */
  plan: string
  callsPerMinute: number | null
  creditsPerMonth: number | null
  /** What the ledger counted; `null` where it cannot be used. */
  now: LedgerUsage | null
}

/** Where the key, the cache and the catalogue stand. */
export interface UsageResult {
  /** The one that is asked first. */
  upstream: string
  /** Limits of its key; `null` where it is not metered. */
  limits: UpstreamLimits | null
  /** The upstreams that are asked after it, in this order. */
  others?: { upstream: string; limits: UpstreamLimits | null }[]
  /** `null` where nothing is kept. */
  cache: CacheStats | null
  catalogue: { source: string; offers: number; compared: number }[]
  /** The first index that an upstream (`source`) has; `null` where none has one. */
  index: ({ source: string } & MirrorReport) | null
  remarks: Remark[]
}
