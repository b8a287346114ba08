/**
 * The port of an upstream, a source of 1688 data. Every method but `checkAccess` makes at most one call on the wire, so
 * that each call is granted, settled and retried separately; an upstream never caches, waits for a limit or retries.
 * All reject with CallError, or with AppError if nothing was sent.
 */
import type { Reported } from '../limits/gate/call-report.ts'
import type { RetryPolicy } from '../limits/gate/retry.ts'
import type { Allowance } from '../limits/ledger/allowance.ts'
import type { Proxies } from '../net/proxies.ts'
import type { Freight, FreightQuery, Reviews, Sales } from '../offers/extras.ts'
import type { SearchFilters } from '../offers/filters.ts'
import type { OfferDetails, OfferSummary } from '../offers/offer.ts'
import type { ShopProfile } from '../offers/supplier.ts'
import type { Clock } from '../time/clock.ts'
import type { AppliedFilters } from './search-filters.ts'

export interface IndexPage {
  offers: OfferSummary[]
  /** Rows of the whole index; `null` if the upstream does not say. */
  totalFound: number | null
}

/** A fixed index that can be mirrored, at an upstream that ignores the picture. */
export interface ProductIndex {
  readonly maxPageSize: number
  /** @param page from 1. */
  fetchPage(page: number, signal: AbortSignal): Promise<Reported<IndexPage>>
}

export interface QueryPicture {
  /** Of the original file, in hexadecimal. */
  sha256: string
  /** A JPEG or PNG copy of at most 300 kB. @throws AppError `picture_unreadable`. */
  small(): Promise<Uint8Array>
  /** The public http(s) URL that it was given as, if any. */
  url: string | null
  /** Gives {@link QueryPicture.small} an address for some minutes. Absent where this program has none itself. */
  lend?: (() => Promise<string>) | undefined
}

export interface OfferPage {
  /** In the upstream's order. */
  offers: OfferSummary[]
  /** Offers on all pages; `null` if the upstream does not say. */
  totalFound: number | null
  /** Whether there is another page; `null` if the upstream does not say. */
  hasMore: boolean | null
  /** The filters and order that the upstream applied to this page, where they are not all that it announces. */
  applied?: SearchFilters | undefined
}

/** Filters that an upstream cannot apply are ignored; the caller applies them all again. */
export interface PageQuery extends SearchFilters {
  /** From 1. */
  page: number
  /** At most `maxPageSize`. */
  pageSize: number
}

/** Search by picture, at an upstream that looks at it. */
export interface PictureMatcher {
  readonly maxPageSize: number
  readonly applies: AppliedFilters
  /** The handle of a picture that needs no call to be registered, because it is public; otherwise `null`. */
  handleOf(picture: QueryPicture): string | null
  /** Returns a handle that serves every page for `handleTtlMs`. */
  register(picture: QueryPicture, signal: AbortSignal): Promise<Reported<string>>
  readonly handleTtlMs: number
  fetchMatches(handle: string, query: PageQuery, signal: AbortSignal): Promise<Reported<OfferPage>>
}

export interface KeywordSearch {
  readonly maxPageSize: number
  readonly applies: AppliedFilters
  fetchByKeyword(keyword: string, query: PageQuery, signal: AbortSignal): Promise<Reported<OfferPage>>
}

/** What an upstream knows of a shop, by the ID that its answers give in `Evidence.shopId`. */
export interface ShopReader {
  readonly maxPageSize: number
  readonly applies: AppliedFilters
  /** `null` if the upstream has only the shop's offers. @throws AppError `not_found` if there is no such shop. */
  fetchProfile: Read<ShopProfile> | null
  fetchOffers(shopId: string, query: PageQuery, signal: AbortSignal): Promise<Reported<OfferPage>>
}

/** @typeParam Query the ID of an offer or a shop, unless more is needed. */
export type Read<T, Query = string> = (query: Query, signal: AbortSignal) => Promise<Reported<T>>

/** What goes beyond an offer's details; what the upstream does not have is `null`. */
export interface ExtraReader {
  fetchReviews: Read<Reviews> | null
  fetchSales: Read<Sales> | null
  fetchDescriptionPictures: Read<string[]> | null
  /** Within China. */
  fetchFreight: Read<Freight, FreightQuery> | null
}

/** Whether a key may use an API, at an upstream that grants them separately. */
export interface ApiGrant {
  /** As the upstream's console lists it. */
  api: string
  granted: boolean
  /** Whether the calls that were bought for it are spent. */
  isUsedUp: boolean
}

/** What an upstream cannot do is `null`. */
export interface Upstream {
  readonly name: string
  /** 0 if its calls are not metered. */
  readonly creditsPerCall: number
  /** What {@link checkAccess} is expected to cost. */
  readonly creditsPerCheck: number
  readonly index: ProductIndex | null
  readonly pictures: PictureMatcher | null
  readonly keywords: KeywordSearch | null
  readonly shops: ShopReader | null
  readonly extras: ExtraReader | null
  /** @throws AppError `not_found` if there is no such offer (any more). */
  fetchDetails(offerId: string, signal: AbortSignal): Promise<Reported<OfferDetails>>
  /**
   * Finds out, for `doctor`, whether the key works and what it may do: one call, or one for each API that is granted
   * separately.
   * @returns an empty list if the key may do everything.
   * @throws the first failure that is not about a grant: the key is missing or rejected, the upstream is down or limits
   * calls.
   */
  checkAccess(signal: AbortSignal): Promise<Reported<ApiGrant[]>>
  close(): Promise<void>
}

export interface UpstreamContext {
  clock: Clock
  proxies: Proxies
  /** To its server, at the same time. */
  connections: number
  sampleDir: string
}

/** A key that pays for calls. */
export interface UpstreamKey {
  secret: string
  baseUrl: string
  /** As users know it, such as `free tier`. */
  plan: string
  allowance: Allowance
}

/**
 * Each folder of an upstream exports one.
 * @typeParam Settings the options of the configuration that it reads.
 */
export interface UpstreamDescriptor<Settings> {
  create(settings: Settings, context: UpstreamContext): Upstream
  /** `null` if no key is set, or none is needed. */
  keyOf(settings: Settings): UpstreamKey | null
  retries: RetryPolicy
  /** How long its server may be silent. */
  wireMs: number
}
