/** How much of the keys' limits is used, and what cache and catalogue hold. */
import type { OfferSummary } from '../offer.ts'
import type { MirrorReport, Remark } from './results.ts'

export interface LedgerUsage {
  /** Calls that would be granted now. */
  callsFree: number | null
  /** Milliseconds until the next call would be granted; 0 = now. */
  nextCallInMs: number
  creditsUsed: number
  creditsLeft: number | null
  /** When credits come back, milliseconds since 1970: all on the reset day, or else the oldest; `null` if unknown. */
  creditsResetAt: number | null
  /** Processes and calls that wait for a slot. */
  waiting: number
  /** Whether the key was switched to even spacing after a 429 that the ledger could not explain. */
  evenlySpaced: boolean
}

/** Of all processes, since the store was created. */
export interface CacheStats {
  /** Calls answered without a request. */
  hits: number
  /** Calls that asked the upstream. */
  misses: number
  /** Credits that the hits would have cost. */
  creditsSaved: number
}

/** What the catalogue holds from one source. */
export interface CatalogueCounts {
  source: string
  offers: number
  withPicture: number
  /** Those with a picture that searches can compare. */
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

/** The limits of an upstream's key, and how much of them is used. */
export interface UpstreamLimits {
  /** The plan's name. */
  plan: string
  callsPerMinute: number | null
  creditsPerMonth: number | null
  /** `null` if the ledger is unavailable. */
  now: LedgerUsage | null
}

export interface UsageResult {
  /** The one that is asked first. */
  upstream: string
  /** `null` if its calls are not metered. */
  limits: UpstreamLimits | null
  /** The upstreams that are asked after it, in this order. */
  others?: { upstream: string; limits: UpstreamLimits | null }[]
  /** `null` if caching is off or not needed. */
  cache: CacheStats | null
  catalogue: { source: string; offers: number; compared: number }[]
  /** The most offers that the caller may import; `null` or missing without a limit. */
  ownOffers?: number | null
  /** Bytes that the caller has in files; `null` or missing if they are not counted. */
  storedBytes?: number | null
  /** The most that they may have; `null` or missing without a limit. */
  ownBytes?: number | null
  /** The index of the first upstream (`source`) that has one. */
  index: ({ source: string } & MirrorReport) | null
  remarks: Remark[]
}
