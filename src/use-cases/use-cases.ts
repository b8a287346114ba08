/** Owns the list of use cases that tools, the command line and HTTP call. */
import type { OfferFilters } from '../catalogue/catalogue.ts'
import type { CompareWishes } from '../offers/comparison.ts'
import type { CompareResult } from '../offers/results/comparison-result.ts'
import type {
  CatalogueOverview,
  DetailsResult,
  OfferCard,
  OfferPreview,
  SearchResult,
  SyncResult,
  UsageResult,
} from '../offers/results/results.ts'
import type { ThumbnailType } from '../pictures/thumbnail.ts'
import type { CallOptions } from '../upstream-calls/call-options.ts'

/** A search by picture. */
export interface ImageSearch {
  /** URL, data: URL, path or `sample:` reference. */
  image: string
  /** From 1. */
  page: number
  /** 1-60. */
  pageSize: number
  filters: OfferFilters
}

/** A search by words. */
export interface WordSearch {
  keyword: string
  /** From 1. */
  page: number
  /** 1-60. */
  pageSize: number
  filters: OfferFilters
}

/** A request for a page of the upstream's index as it is. */
export interface IndexRequest {
  /** From 1. */
  page: number
  /** 1-60. */
  pageSize: number
  /** What the answer names as the query. */
  query: string
}

/** A request for one offer. */
export interface DetailsRequest {
  /** A checked id. */
  offerId: string
}

/** A request to compare offers. */
export interface CompareRequest {
  /** Ids, links or share texts; each is checked by itself. */
  references: readonly string[]
  wishes: CompareWishes
  /** Whether only the cost is wanted. */
  dryRun: boolean
}

/** A request to fill the catalogue. */
export interface SyncRequest {
  /** Credits that may be spent at most. */
  maxCredits: number
  /** Milliseconds after which it stops and tells how far it came; `null`: it stays until it is done. */
  budgetMs: number | null
}

/** A request for what is known of offers. */
export interface CardsRequest {
  /** Checked ids. */
  offerIds: readonly string[]
  /** Whether their pictures are fetched, too. */
  withThumbnails: boolean
  /** Longer side of those, pixels. Default: what a card on a sharp screen shows. */
  side?: number
}

/** A request for small pictures of offers. */
export interface PreviewRequest {
  /** Checked ids. */
  offerIds: readonly string[]
  /** WebP is the smallest, JPEG what also spreadsheets draw, PNG what terminals do. */
  mediaType: ThumbnailType
}

/** The use cases. Each rejects with AppError. */
export interface Services {
  searchByImage(request: ImageSearch, call: CallOptions): Promise<SearchResult>
  searchByKeyword(request: WordSearch, call: CallOptions): Promise<SearchResult>
  /** Pages through the upstream's index without a picture; its products carry no similarity. */
  listIndex(request: IndexRequest, call: CallOptions): Promise<SearchResult>
  getDetails(request: DetailsRequest, call: CallOptions): Promise<DetailsResult>
  /** Reads and compares offers, as many credits as `plan` says before; one that cannot be read does not spoil the others. */
  compareOffers(request: CompareRequest, call: CallOptions): Promise<CompareResult>
  syncCatalogue(request: SyncRequest, call: CallOptions): Promise<SyncResult>
  /** What the catalogue knows of offers, those it does not know left out. Costs nothing; thumbnails are fetched from the picture hosts. */
  getCards(request: CardsRequest, call: CallOptions): Promise<OfferCard[]>
  /** Small pictures of known offers, in their order; one that cannot be had within seconds is left out. Costs nothing. */
  getPreviews(request: PreviewRequest, call: CallOptions): Promise<OfferPreview[]>
  /** A small WebP of the picture that `image` names as in a search. */
  getThumbnail(image: string, call: CallOptions): Promise<Uint8Array>
  /** What the catalogue holds. Costs nothing and asks nobody. */
  describeCatalogue(): Promise<CatalogueOverview>
  /** Ids of known offers that begin with `prefix`, `limit` at most. Costs nothing and asks nobody. */
  completeOfferIds(prefix: string, limit: number): Promise<string[]>
  /** Costs nothing and asks nobody. */
  getUsage(): Promise<UsageResult>
}
