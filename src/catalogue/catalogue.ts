/** The port of the catalogue: every offer seen so far, with an embedding of its picture, ranked locally. */
import { AppError } from '../errors.ts'
import type { OfferFilters } from '../offers/filters.ts'
import type { OfferSummary } from '../offers/offer.ts'
import type { CatalogueCounts } from '../offers/results/usage.ts'
import type { Reference, ReferenceQuery } from './ranking/reference.ts'

/** The source of imported offers. */
export const IMPORT_SOURCE = 'import'

/** A failed picture is retried after this many milliseconds: pictures do move, but rarely within a day. */
export const FAILED_PICTURE_RETRY_MS = 24 * 60 * 60 * 1000

export interface CatalogueOffer {
  /** An upstream's name, `import`, or `import/NAME`. An offer is stored once per source. */
  source: string
  offer: OfferSummary
  /** Milliseconds since 1970. */
  firstSeenAt: number
  /** Milliseconds since 1970: the age of the data. */
  lastSeenAt: number
  /** When evidence, ladder or translation were last seen, milliseconds since 1970; `null` for never. */
  factsSeenAt: number | null
}

export interface CatalogueHit extends CatalogueOffer {
  /** Cosine of the best query vector against the best of the offer's pictures, -1..1. */
  cosine: number
}

export interface NearestQuery {
  /** The embedder's ID; only its vectors are compared. */
  model: string
  /** Of the query picture; the best score counts. */
  vectors: Int8Array[]
  sources: readonly string[]
  /** An offer that lacks a value comes after all that fit. Their order is not applied: likeness is. */
  filters: OfferFilters
  /** IDs of offers that are left out and not counted. */
  except?: readonly string[] | undefined
  offset: number
  limit: number
  /** Asks for what the nearest offer has to stand out from. */
  reference?: ReferenceQuery
}

export interface NearestResult {
  hits: CatalogueHit[]
  /** Cosine of the best offer of all pages; `null` if nothing was compared. */
  bestCosine: number | null
  /** Offers ranked: they have a vector and pass the filters. One that several sources know counts once, here and below. */
  compared: number
  /** Offers that pass the filters, compared or not. */
  known: number
  /** Those of `known` that fit: no value that a filter needs is unknown. */
  fitting: number
  /** `null` if none was asked for. */
  reference: Reference | null
}

export interface KeywordQuery {
  /** In any language; all of its words must be in the title. */
  text: string
  sources: readonly string[]
  /** An offer that lacks a value comes after all that fit. */
  filters: OfferFilters
  offset: number
  limit: number
}

/** By its ID at a source, its name, or both; at least one is given. */
export interface ShopQuery {
  shopId: string | null
  shopName: string | null
  sources: readonly string[]
  limit: number
}

export interface KeywordResult {
  offers: CatalogueOffer[]
  /** On all pages; an offer that several sources know counts once. */
  found: number
  /** Those of `found` that fit: no value that a filter needs is unknown. */
  fitting: number
}

/** A picture of an offer at one point in time: an embedding belongs to the picture, not to the offer. */
export interface OfferPicture {
  source: string
  offerId: string
  imageUrl: string
}

/** A picture that could not be compared. */
export interface FailedPicture extends OfferPicture {
  title: string
  /** `null` if an earlier version found out. */
  reason: string | null
}

/**
 * Asks for pictures without a vector of `model`, most recently seen first: first pictures of offers, then their photos.
 * A failed picture is left out for a day.
 */
export interface UnembeddedQuery {
  model: string
  /** A model whose vectors `model` replaces: pictures without either come first. */
  replaced?: string | undefined
  /** Of each offer, so many photos beside its first picture. */
  photos: number
  sources: readonly string[]
  limit: number
  now: number
}

export interface StoredEmbedding {
  picture: OfferPicture
  model: string
  vector: Int8Array
}

/** How far the index of an upstream that does not match pictures has been mirrored. */
export interface MirrorState {
  /** Pages of the upstream's index fetched in this round; the next is `pagesFetched + 1`, counted from 1. */
  pagesFetched: number
  /** Rows in the index, as reported by the upstream. */
  totalFound: number | null
  /** When the whole index was last complete, milliseconds since 1970. */
  completedAt: number | null
}

/** Of a catalogue that is in memory only, because its file cannot be used. */
export function catalogueNotKept(): AppError {
  return new AppError({
    code: 'store_unavailable',
    message: 'The catalogue cannot be written, so nothing that is fetched or imported would be kept.',
    hint: 'Make the data folder writable, or choose another one with MCP1688_DATA_DIR; mcp-1688 doctor checks it.',
  })
}

/** All methods reject with AppError `store_unavailable` if the store cannot be used. */
export interface Catalogue {
  /**
   * Stores offers. New values replace old ones, and null leaves the old value; photos replace photos. A place is never
   * mixed from two: a new city clears the old province, and vice versa. A new picture drops the old embeddings. An
   * older sighting (from a cached page or another catalogue) changes nothing.
   */
  putOffers(source: string, offers: readonly OfferSummary[], seenAt: number): Promise<void>
  /** The most recently seen offer with this ID among `sources`. */
  getOffer(offerId: string, sources: readonly string[]): Promise<CatalogueOffer | null>
  /** All that `sources` hold of these IDs, most recently seen first. */
  getOffers(offerIds: readonly string[], sources: readonly string[]): Promise<CatalogueOffer[]>
  /** Ranks by similarity, including every earlier acknowledged write of any process. */
  nearest(query: NearestQuery): Promise<NearestResult>
  /** Offers of one shop, most recently seen first. */
  offersOfShop(query: ShopQuery): Promise<CatalogueOffer[]>
  /** Searches titles. A text without words finds nothing. */
  searchKeyword(query: KeywordQuery): Promise<KeywordResult>
  /** By offer ID, for offers that have an embedding. */
  similarities(
    source: string,
    offerIds: readonly string[],
    model: string,
    vectors: Int8Array[],
  ): Promise<Map<string, number>>
  listUnembedded(query: UnembeddedQuery): Promise<OfferPicture[]>
  /**
   * Does nothing if the offer is gone or has another picture by now.
   * @param replaced a model whose vector of this picture is dropped.
   */
  putEmbedding(picture: OfferPicture, model: string, vector: Int8Array, replaced?: string): Promise<void>
  /** Whether any picture has a vector of this model. */
  hasEmbeddings(model: string): Promise<boolean>
  /** Postpones the next attempt to embed a picture. Does nothing if the offer is gone or has another picture by now. */
  putEmbeddingFailure(picture: OfferPicture, model: string, failedAt: number, reason: string): Promise<void>
  /** By source, ID and picture; `sources` is `null` for all. */
  listFailures(sources: readonly string[] | null, model: string, limit: number): Promise<FailedPicture[]>
  /** Lets failed pictures of one source, or of all, be tried again at once. @returns how many. */
  forgetFailures(source?: string): Promise<number>
  getMirror(source: string): Promise<MirrorState | null>
  /** Stores a page and the mirror's new state in one transaction: a crash loses both or neither. */
  putMirrorPage(source: string, offers: readonly OfferSummary[], state: MirrorState, seenAt: number): Promise<void>
  /** Pages through offers in a stable order; `after` is the last key of the previous page. */
  list(
    sources: readonly string[] | null,
    after: { source: string; offerId: string } | null,
    limit: number,
  ): Promise<CatalogueOffer[]>
  /** Pages through all vectors in a stable order; `after` is the last key of the previous page. */
  listEmbeddings(
    after: { source: string; offerId: string; model: string; imageUrl: string } | null,
    limit: number,
  ): Promise<StoredEmbedding[]>
  /**
   * Removes offers and their vectors; without IDs, the whole source with its mirror state. Resolves to the number of
   * offers removed.
   */
  remove(source: string, offerIds: readonly string[] | null): Promise<number>
  stats(model: string): Promise<CatalogueStats[]>
  /** Each once, however many of the sources know it. */
  countOffers(sources: readonly string[]): Promise<number>
  /** All that have offers, in order. */
  listSources(): Promise<string[]>
  /** Rejects if what is written now would be lost: to be called before anything is spent on it or claimed of it. */
  checkKept(): Promise<void>
  close(): Promise<void>
}

/** All reads except ranking. */
export type CatalogueReads = Pick<
  Catalogue,
  | 'countOffers'
  | 'getOffer'
  | 'getOffers'
  | 'offersOfShop'
  | 'getMirror'
  | 'hasEmbeddings'
  | 'list'
  | 'listEmbeddings'
  | 'listFailures'
  | 'listSources'
  | 'listUnembedded'
  | 'searchKeyword'
  | 'stats'
>

export interface CatalogueStats extends CatalogueCounts {
  mirror: MirrorState | null
}
