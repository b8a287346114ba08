/** Owns the port of an upstream: a source of 1688 data. An upstream asks and translates; it never caches, waits for a limit or retries. */
import type { Reported } from '../limits/call-report.ts'
import type { OfferDetails, OfferSummary } from '../offers/offer.ts'

/** One page of an index that is the same whatever the picture. */
export interface IndexPage {
  offers: OfferSummary[]
  /** Rows of the whole index; `null` where the upstream does not say. */
  totalFound: number | null
}

/** A source of 1688 data. Every method rejects with AppError or, where a call may have gone out, with CallError. */
export interface Upstream {
  readonly name: string
  /** What a call is expected to cost; 0 where nothing is metered. */
  readonly creditsPerCall: number
  /** The most rows that a page of the index has. */
  readonly maxPageSize: number
  /** A page of the index, from 1, always at full size. */
  fetchIndexPage(page: number, signal: AbortSignal): Promise<Reported<IndexPage>>
  /** @throws AppError `not_found` where there is no such offer (any more). */
  fetchDetails(offerId: string, signal: AbortSignal): Promise<Reported<OfferDetails>>
  close(): Promise<void>
}
