/** The port of the catalogue: every offer that passed through, with an embedding of its photo, to be ranked locally. */
import type { OfferSummary } from '../offers/offer.ts'
import type { CatalogueCounts } from '../offers/results/usage.ts'

/** The source of imported offers. */
export const IMPORT_SOURCE = 'import'

/** A picture that failed is tried again after this, in milliseconds: pictures move, but rarely within a day. */
export const FAILED_PICTURE_RETRY_MS = 24 * 60 * 60 * 1000

/** Narrows a ranking before it is made. Unknown values do not pass a filter: nobody can say that they fit. */
export interface OfferFilters {
  /** Lowest unit price at most this, in CNY. */
  maxPrice?: number
  /** MOQ at most this, in units. */
  maxMoq?: number
  /** City or province, in Chinese (with or without 省/市) or pinyin. */
  location?: string
}

/** An offer as the catalogue keeps it. */
export interface CatalogueOffer {
  /** Where it came from: an upstream's name, or `import`. An offer is kept once for each source. */
  source: string
  offer: OfferSummary
  /** Milliseconds since 1970. */
  firstSeenAt: number
  /** Milliseconds since 1970: how old what is known of it is. */
  lastSeenAt: number
}

export interface CatalogueHit extends CatalogueOffer {
  /** Cosine of the best query vector against the offer's picture, -1..1. */
  cosine: number
}

export interface NearestQuery {
  /** The embedder's id; only vectors of this model are compared. */
  model: string
  /** Of the query picture; an offer's score is its best. */
  vectors: Int8Array[]
  /** Only offers of these sources. */
  sources: readonly string[]
  filters: OfferFilters
  offset: number
  limit: number
}

/** A page of ranked offers, best first. */
export interface NearestResult {
  hits: CatalogueHit[]
  /** Cosine of the very best offer, whichever page was asked for; `null` where nothing was compared. */
  bestCosine: number | null
  /** Offers that have a vector of this model, are of these sources and pass the filters: what was ranked. One that two sources know is two. */
  compared: number
  /** Offers of these sources that pass the filters, compared or not; counted as `compared` is. */
  known: number
}

/** Which offers' titles to find words in. */
export interface KeywordQuery {
  /** What a buyer types: Chinese or any other language; all of its words must be in the title. */
  text: string
  /** Only offers of these sources. */
  sources: readonly string[]
  filters: OfferFilters
  offset: number
  limit: number
}

/** A page of found offers, best first. */
export interface KeywordResult {
  offers: CatalogueOffer[]
  /** Offers that were found in all. */
  found: number
}

/** An offer's picture as it was when somebody looked: an embedding belongs to the picture, not to the offer. */
export interface OfferPicture {
  source: string
  offerId: string
  imageUrl: string
}

export interface StoredEmbedding {
  picture: OfferPicture
  model: string
  vector: Int8Array
}

/** How far the index of an upstream that does not match pictures has been mirrored. */
export interface MirrorState {
  /** Pages of the upstream's index that were fetched in this round, 1-based: the next to fetch is `pagesFetched + 1`. */
  pagesFetched: number
  /** Rows that the upstream says its index has. */
  totalFound: number | null
  /** When the whole index was last fetched, milliseconds since 1970. */
  completedAt: number | null
}

/** A catalogue. All methods reject with AppError `store_unavailable` where the store cannot be used. */
export interface Catalogue {
  /**
   * Keeps offers; a known one is overwritten with what is newly known, and keeps an old value where the new one is null. A place is
   * never mixed from two: a new city ends the old province and the other way round. A new picture ends the old one's embeddings. What was seen
   * before what is known (on a page that a cache kept, or in another catalogue) changes nothing of it.
   */
  putOffers(source: string, offers: readonly OfferSummary[], seenAt: number): Promise<void>
  /** The offer under any of `sources`, the most recently seen first. */
  getOffer(offerId: string, sources: readonly string[]): Promise<CatalogueOffer | null>
  /** Ranks by similarity. A write that was acknowledged before, by any process, is seen. */
  nearest(query: NearestQuery): Promise<NearestResult>
  /** Finds offers by the words of their titles; a text without a word finds nothing. */
  searchKeyword(query: KeywordQuery): Promise<KeywordResult>
  /** Cosines of the given offers, where their embedding is known. */
  similarities(
    source: string,
    offerIds: readonly string[],
    model: string,
    vectors: Int8Array[],
  ): Promise<Map<string, number>>
  /** Offers that have a picture but no vector of this model, most recently seen first. A failed picture is left out for a day. */
  listUnembedded(model: string, sources: readonly string[], limit: number, now: number): Promise<OfferPicture[]>
  /** Keeps the vector of an offer's picture; does nothing where the offer is gone or has another picture by now. */
  putEmbedding(picture: OfferPicture, model: string, vector: Int8Array): Promise<void>
  /** Notes that an offer's picture could not be embedded, so that it is not tried again at once; does nothing as above. */
  putEmbeddingFailure(picture: OfferPicture, model: string, failedAt: number): Promise<void>
  getMirror(source: string): Promise<MirrorState | null>
  /** Keeps a fetched page and the mirror's new state in one transaction: a crash loses both or neither. */
  putMirrorPage(source: string, offers: readonly OfferSummary[], state: MirrorState, seenAt: number): Promise<void>
  /** Pages through offers in a stable order; `after` is the last (source, offerId) of the page before. */
  list(
    sources: readonly string[] | null,
    after: { source: string; offerId: string } | null,
    limit: number,
  ): Promise<CatalogueOffer[]>
  /** Pages through all vectors in a stable order; `after` names the last one of the page before. */
  listEmbeddings(
    after: { source: string; offerId: string; model: string } | null,
    limit: number,
  ): Promise<StoredEmbedding[]>
  /** Removes offers and their vectors; without ids, all of the source, and its mirror state. Resolves to how many went. */
  remove(source: string, offerIds: readonly string[] | null): Promise<number>
  /** Counts for people and for `stats`. */
  stats(model: string): Promise<CatalogueStats[]>
  close(): Promise<void>
}

export interface CatalogueStats extends CatalogueCounts {
  mirror: MirrorState | null
}
