/**
 * The port of an upstream: a source of 1688 data. Every method makes at most one call on the wire, so that each is granted, settled and
 * tried again by itself; an upstream never caches, waits for a limit or retries. All reject with CallError, or with AppError where nothing
 * was sent.
 */
import type { Reported } from '../limits/gate/call-report.ts'
import type { RetryPolicy } from '../limits/gate/retry.ts'
import type { Allowance } from '../limits/ledger/allowance.ts'
import type { Proxies } from '../net/proxies.ts'
import type { OfferDetails, OfferSummary } from '../offers/offer.ts'
import type { Clock } from '../time/clock.ts'

/** One page of an index that is the same whatever the picture. */
export interface IndexPage {
  offers: OfferSummary[]
  /** Rows of the whole index; `null` where the upstream does not say. */
  totalFound: number | null
}

/** An index of products that can be mirrored: what an upstream offers that does not look at pictures. */
export interface ProductIndex {
  /** The most rows that a page has. */
  readonly maxPageSize: number
  /** A page, from 1, always at full size. */
  fetchPage(page: number, signal: AbortSignal): Promise<Reported<IndexPage>>
}

/** A picture to be matched by an upstream. */
export interface QueryPicture {
  /** Of the file as it was given, in hexadecimal. */
  sha256: string
  /** A JPEG or PNG of at most 300 kB of it. @throws AppError `picture_unreadable`. */
  small(): Promise<Uint8Array>
  /** The public http(s) address that it was given as, else `null`. */
  url: string | null
}

/** One page of offers that an upstream found by itself. */
export interface FoundPage {
  /** In the upstream's own order. */
  offers: OfferSummary[]
  /** Offers on all pages; `null` where the upstream does not say. */
  totalFound: number | null
  /** Whether there is a page after this one; `null` where the upstream does not say. */
  hasMore: boolean | null
}

/** Which page of what an upstream found, and what it may leave out. Filters that it cannot apply are ignored; the caller applies them all again. */
export interface FoundQuery {
  /** From 1. */
  page: number
  /** At most `maxPageSize`. */
  pageSize: number
  /** In CNY. */
  maxPrice?: number
}

/** Search by picture, at an upstream that really looks at it. */
export interface PictureMatcher {
  readonly maxPageSize: number
  /** The handle of a picture that needs no call to be known there (it is public already), else `null`. */
  handleOf(picture: QueryPicture): string | null
  /** Hands a picture over; the handle serves every page for as long as `handleTtlMs`. */
  register(picture: QueryPicture, signal: AbortSignal): Promise<Reported<string>>
  readonly handleTtlMs: number
  fetchMatches(handle: string, query: FoundQuery, signal: AbortSignal): Promise<Reported<FoundPage>>
}

export interface KeywordSearch {
  readonly maxPageSize: number
  /** Whether it applies {@link FoundQuery.maxPrice}: where it does not, a page is the same for every price. */
  readonly filtersPrice: boolean
  fetchByKeyword(keyword: string, query: FoundQuery, signal: AbortSignal): Promise<Reported<FoundPage>>
}

/** Whether a key may use one of the APIs that a source grants one by one. */
export interface ApiGrant {
  /** As the source's own console lists it. */
  api: string
  granted: boolean
}

/** A source of 1688 data; what it cannot do is `null`. */
export interface Upstream {
  readonly name: string
  /** What a call is expected to cost; 0 where nothing is metered. */
  readonly creditsPerCall: number
  /** What {@link checkAccess} is expected to cost: 0 where the source has a free way to tell. */
  readonly creditsPerCheck: number
  readonly index: ProductIndex | null
  readonly pictures: PictureMatcher | null
  readonly keywords: KeywordSearch | null
  /** @throws AppError `not_found` where there is no such offer (any more). */
  fetchDetails(offerId: string, signal: AbortSignal): Promise<Reported<OfferDetails>>
  /**
   * Finds out, for `doctor`, whether the key works and what it is granted: a call, or one for each API where those are granted one by one.
   * @returns an empty list where the key opens everything.
   * @throws the first failure that is not about a grant: the key is missing or refused, the source is down or limits the call.
   */
  checkAccess(signal: AbortSignal): Promise<Reported<ApiGrant[]>>
  close(): Promise<void>
}

/** What every upstream gets to work with. */
export interface UpstreamContext {
  clock: Clock
  proxies: Proxies
  /** To its server, at once. */
  connections: number
  /** The folder of the sample catalogue. */
  sampleDir: string
}

/** A key that pays for calls, and what it may do. */
export interface UpstreamKey {
  secret: string
  baseUrl: string
  /** How the user knows its plan: `free tier`. */
  plan: string
  allowance: Allowance
}

/**
 * What the program needs to know of an upstream to make and call it; each folder exports one.
 * @typeParam Settings the options of the configuration that it reads.
 */
export interface UpstreamDescriptor<Settings> {
  create(settings: Settings, context: UpstreamContext): Upstream
  /** `null` where no key is set, or none is needed: its calls are not metered. */
  keyOf(settings: Settings): UpstreamKey | null
  retries: RetryPolicy
  /** How long its server may be silent, in milliseconds. */
  wireMs: number
}
