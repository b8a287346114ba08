/** Results of the use cases: offers, their origin, how the picture was matched, and the cost. */
import type { ErrorCode } from '../../errors.ts'
import type { Extra, OfferExtras } from '../extras.ts'
import type { FilteredValue, SortOrder } from '../filters.ts'
import type { PastObservation } from '../observation.ts'
import type { OfferDetails, OfferStatus, OfferSummary } from '../offer.ts'
import type { Pack } from '../price/pack.ts'

/** How sure a match is, in a buyer's words, best first. */
export const LIKENESSES = ['same item', 'probably the same item', 'similar', 'not alike'] as const
export type Likeness = (typeof LIKENESSES)[number]

/** An offer of a search, best first. */
export interface RankedOffer {
  offer: OfferSummary
  /** The upstream, or `import`. */
  source: string
  /** 0..1; `null` if the pictures were not compared. */
  similarity: number | null
  likeness: Likeness | null
  /** What the filters need and the listing lacks; such an offer comes after those that fit. */
  unlisted: readonly FilteredValue[]
}

export interface MatchReport {
  /**
   * `visual`: ranked here by similarity; `upstream`: found and ordered by the upstream; `none`: no picture was
   * compared.
   */
  method: 'visual' | 'upstream' | 'none'
  /** Offers that were compared with the picture. */
  compared: number
  /** Offers that could be compared once all their pictures are embedded. */
  known: number
  /** The model that compared them. */
  embedder: string | null
  /** Likeness of the best offer. */
  best: Likeness | null
}

export interface SourceReport {
  upstream: string
  /** Of the oldest offer shown, milliseconds since 1970; `null` without offers. */
  retrievedAt: number | null
  /** Seconds since then. */
  ageS: number | null
  /** True if the answer is past its time to live, or the upstream could not be asked. */
  stale: boolean
}

export interface CreditReport {
  spent: number
  /** `null` if calls are not metered or the balance is unknown. */
  remaining: number | null
}

/** How much of an upstream's index was fetched. */
export interface MirrorReport {
  /** Offers fetched in this round, or in the last complete one. */
  fetched: number
  /** Offers of the whole index; `null` if the upstream has not said. */
  total: number | null
  /** Credits that a complete, fresh copy still costs; `null` while the size is unknown. */
  creditsToFinish: number | null
}

/** Who filtered what, by the arguments' names. */
export interface FilterRemark {
  kind: 'filtered'
  /** `null` for known offers. */
  upstream: string | null
  /** Applied by the upstream. */
  there: readonly string[]
  /** Applied here. */
  here: readonly string[]
  looked: number
  fitting: number
  /** Kept although they lack one of `values`. */
  unlisted: number
  values: readonly FilteredValue[]
}

/** What the reader of an answer should know; shape/text/remarks.ts puts it into words. */
export type Remark =
  | { kind: 'sample_data' }
  /** Only imported offers were searched, and no other source is configured. */
  | { kind: 'own_only'; isEmpty: boolean }
  /** `isSure`: hardly ever is the product in the catalogue nevertheless. */
  | { kind: 'nothing_alike'; isSure: boolean }
  /** Offers that were compared by the previous picture model. */
  | { kind: 'older_vectors'; offers: number }
  /** Imported offers that match, of which only some are named. */
  | {
      kind: 'own_matches'
      offers: readonly { offerId: string; title: string; likeness: string | null }[]
      /** `null` if there may be more than were counted. */
      more: number | null
    }
  /** The query picture shows several things, here in per cent; each can be searched by. */
  | { kind: 'several_things'; regions: readonly { x: number; y: number; width: number; height: number }[] }
  /** The end of the query picture's file is missing. */
  | { kind: 'picture_cut' }
  /** A repeated call was made by the picture that its words stood for before, not by what they may stand for now. */
  | { kind: 'picture_kept'; reference: string; ageS: number }
  /** One of several query pictures, counted from 1, could not be used. */
  | { kind: 'photo_failed'; position: number; code: ErrorCode; message: string; hint: string }
  /** An upstream could not be searched by this one of several pictures. */
  | { kind: 'photo_search_failed'; upstream: string; position: number; code: ErrorCode; message: string; hint: string }
  /** An upstream was not searched by these pictures, because that costs more than the call may spend. */
  | { kind: 'photos_not_searched'; upstream: string; positions: readonly number[]; credits: number }
  | ({ kind: 'index_incomplete' } & MirrorReport)
  | { kind: 'pictures_pending'; pending: number }
  | { kind: 'pictures_failed'; failed: number }
  /** The upstream could not be asked; the answer is not fresh. */
  | { kind: 'upstream_failed'; code: ErrorCode; message: string; hint: string; retryable: boolean }
  /** An imported offer is shown, since its listing on 1688 could not be read. */
  | { kind: 'imported_instead'; code: ErrorCode; message: string; hint: string }
  /** Another upstream answered in this one's place. */
  | { kind: 'passed_over'; upstream: string; code: ErrorCode; message: string; hint: string }
  | FilterRemark
  /** `by`: the upstream, or `null` for here. `within`: the offers that were sorted, if not all that match. */
  | { kind: 'sorted'; sort: SortOrder; by: string | null; within: 'page' | 'alike' | null }
  /** The page is short because no more of the upstream was read. */
  | { kind: 'more_unread'; upstream: string; looked: number; credits: number }
  /** The page is short because the next page of the upstream could not be read. */
  | { kind: 'page_failed'; upstream: string; looked: number; code: ErrorCode; message: string; hint: string }
  /** Only the titles of known offers were searched. */
  | { kind: 'titles_searched'; known: number }
  /** An upstream is named, but its key is not set. */
  | { kind: 'no_key'; upstream: string }
  | { kind: 'limits_not_shared' }
  /** No paid call is sent, and what was spent is unknown. */
  | { kind: 'ledger_damaged'; message: string; hint: string }
  | { kind: 'catalogue_in_memory' }
  /** What answers say from now on replaces what they said before. */
  | { kind: 'history_not_kept' }
  /** A damaged file was replaced by an empty one, and is now called `file`. */
  | { kind: 'replies_set_aside'; file: string }
  | { kind: 'catalogue_set_aside'; file: string; mayHoldImports: boolean }
  /** The file of imported offers was damaged or missing, and was made again from what could be read. */
  | { kind: 'imports_restored'; file: string | null; restored: number; lost: number | null }
  /** An environment variable that does not exist was set. */
  | { kind: 'unknown_variable'; name: string; nearest: string | null }
  /** Of some compared offers, only the lowest price that anyone pays is known. */
  | { kind: 'headline_prices'; offers: number; compared: number; quantity: number | null }
  | { kind: 'places_taken'; places: readonly string[] }
  /** The shop's name comes from a search, since the details name none. */
  | { kind: 'shop_of_search' }
  /** What is shown of it is by the piece. */
  /** Prices in another currency that were compared at the rate of the answer. */
  | { kind: 'quotes_converted'; offers: number; currency: string }
  | ({ kind: 'priced_by_pack'; offerId: string; currency: string } & Pack)
  /** A part of the answer could not be fetched. */
  | { kind: 'part_failed'; part: string; code: ErrorCode; message: string; hint: string }

/** The remarks on stores for one answer: what happened once is returned once. */
export type TakeRemarks = () => readonly Remark[]

export interface SearchResult {
  products: RankedOffer[]
  page: number
  pageSize: number
  /** Offers that can be paged through; `null` if the upstream does not say. */
  totalFound: number | null
  /** Whether there is a page after this one; absent if `totalFound` says so. */
  hasMore?: boolean
  /** What the upstream's next page costs if this one is short because that was not read. */
  unread?: { credits: number } | null
  /** The picture as it was given, shortened, or the words. */
  query: string
  match: MatchReport
  source: SourceReport
  credits: CreditReport
  remarks: Remark[]
}

export interface ImportedOffer {
  offer: OfferSummary
  /** The catalogue that it was imported into, and when. */
  source: SourceReport
}

export interface DetailsResult {
  details: OfferDetails
  /** Absent if none was asked for. */
  extras?: OfferExtras
  /** Extras that cost more than the call may spend. */
  unread?: { part: Extra; credits: number }[]
  /** What the same source said before, newest first; the last one may be this answer. */
  past?: readonly PastObservation[]
  /** What the user's own files say about the same offer. */
  imported?: readonly ImportedOffer[]
  source: SourceReport
  credits: CreditReport
  remarks: Remark[]
}

/** A page on which a person sends a photo. */
export interface PickedPage {
  address: string
  /** For `image_url`, once the photo was sent. */
  handle: string
  /** Milliseconds since 1970. */
  expiresAt: number
}

/** What a first message to a seller is made of. */
export interface InquiryResult {
  offerId: string
  /** Units. */
  quantity: number
  /** CNY per unit, as a decimal. */
  targetPrice: string | null
  /** As the buyer wrote it. */
  destination: string | null
  /** `null` if reading the listing would have cost a credit, or failed. */
  known: DetailsResult | null
  credits: CreditReport
}

/** A known offer as shown in a user interface. */
export interface OfferCard {
  offer: OfferSummary
  /** The upstream, or `import`. */
  source: string
  /** https address of a small copy of its picture. */
  pictureUrl: string | null
  /** A small WebP of it; `null` if none was asked for, or the picture is unavailable. */
  thumbnail: Uint8Array | null
  /** As its details said lately; `null` if none was asked for, or nothing is known. */
  status: OfferStatus | null
}

export interface OfferPreview {
  offerId: string
  mediaType: string
  bytes: Uint8Array
  /** Pixels. */
  width: number
  height: number
}

export interface SyncResult extends MirrorReport {
  upstream: string
  /** Offers in the catalogue that searches rank. */
  offers: number
  /** Those whose picture is embedded, so that a search can compare them. */
  compared: number
  /** Pictures that are still being embedded. */
  picturesPending: number
  /** When the upstream can be asked again; `null` if it answered. */
  retryAfterMs: number | null
  credits: CreditReport
  remarks: Remark[]
}
