/** A page of a search: the request and its ranked offers. */
import type { OfferFilters } from '../../catalogue/catalogue.ts'
import type { OfferSummary } from '../../offers/offer.ts'
import type { RankedOffer, SearchResult } from '../../offers/results/results.ts'
import type { Window } from '../../upstream-calls/paging.ts'
import { likenessOf, similarityOf } from '../../vision/likeness.ts'

export interface PageRequest extends Window {
  filters: OfferFilters
}

export interface RankedOffers extends Pick<SearchResult, 'products' | 'totalFound' | 'hasMore' | 'match' | 'remarks'> {
  /** Of the oldest offer shown, milliseconds since 1970; `null` without offers. */
  retrievedAt: number | null
}

/** @param cosine similarity of the two pictures by `model`; `undefined` if they were not compared. */
export function rankedOffer(
  { offer, source }: { offer: OfferSummary; source: string },
  model: string,
  cosine?: number,
): RankedOffer {
  if (cosine === undefined) return { offer, source, similarity: null, likeness: null }
  return { offer, source, similarity: similarityOf(cosine), likeness: likenessOf(cosine, model) }
}
