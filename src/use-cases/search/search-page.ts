/** A page of a search: what is asked for, and the ranked offers that come of it. */
import type { OfferFilters } from '../../catalogue/catalogue.ts'
import type { OfferSummary } from '../../offers/offer.ts'
import type { RankedOffer, SearchResult } from '../../offers/results/results.ts'
import type { Window } from '../../upstream-calls/paging.ts'
import { likenessOf, similarityOf } from '../../vision/likeness.ts'

export interface PageRequest extends Window {
  filters: OfferFilters
}

export interface RankedOffers extends Pick<SearchResult, 'products' | 'totalFound' | 'hasMore' | 'match' | 'remarks'> {
  /** Of the oldest offer that is shown, milliseconds since 1970; `null` where none is. */
  retrievedAt: number | null
}

/** @param cosine of the picture against the offer's, as `model` sees them; `undefined` where they were not compared. */
export function rankedOffer(
  { offer, source }: { offer: OfferSummary; source: string },
  model: string,
  cosine?: number,
): RankedOffer {
  if (cosine === undefined) return { offer, source, similarity: null, likeness: null }
  return { offer, source, similarity: similarityOf(cosine), likeness: likenessOf(cosine, model) }
}
