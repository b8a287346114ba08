/** A page of a search: the request and its ranked offers. */
import type { FilteredValue, OfferFilters } from '../../offers/filters.ts'
import type { OfferSummary } from '../../offers/offer.ts'
import type { RankedOffer, SearchResult } from '../../offers/results/results.ts'
import type { PageWindow } from '../../upstream-calls/paging.ts'
import { likenessOf, similarityOf } from '../../vision/likeness.ts'

export interface PageRequest extends PageWindow {
  filters: OfferFilters
  /** Bounds what the whole call spends. Default: one page of an upstream. */
  maxCredits?: number | undefined
}

export interface RankedOffers
  extends Pick<SearchResult, 'products' | 'totalFound' | 'hasMore' | 'match' | 'remarks' | 'unread'> {
  /** Of the oldest offer shown, milliseconds since 1970; `null` without offers. */
  retrievedAt: number | null
}

export interface FoundOffer {
  offer: OfferSummary
  source: string
  /** What the filters need and the listing lacks. */
  unlisted: FilteredValue[]
}

/** @param cosine similarity of the two pictures by `model`; `undefined` if they were not compared. */
export function rankedOffer({ offer, source, unlisted }: FoundOffer, model: string, cosine?: number): RankedOffer {
  const likeness =
    cosine === undefined
      ? { similarity: null, likeness: null }
      : { similarity: similarityOf(cosine), likeness: likenessOf(cosine, model) }
  return { offer, source, ...likeness, unlisted }
}
