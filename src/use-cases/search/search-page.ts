/** A page of a search: the request and its ranked offers. */
import type { FilteredValue, OfferFilters } from '../../offers/filters.ts'
import type { OfferSummary } from '../../offers/offer.ts'
import type { RankedOffer, SearchResult } from '../../offers/results/results.ts'
import type { PageWindow } from '../../upstream-calls/paging.ts'
import type { Comparison } from './compare-pictures.ts'

export interface PageRequest extends PageWindow {
  filters: OfferFilters
  /** The name of the catalogue of imported offers that is searched alone. Default: whatever is known. */
  catalogue?: string | undefined
  /** IDs of offers that are left out: those whose pictures are searched for. */
  except?: readonly string[] | undefined
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

/** @param comparison `undefined` if the pictures were not compared. */
export function rankedOffer({ offer, source, unlisted }: FoundOffer, comparison?: Comparison): RankedOffer {
  const { similarity = null, likeness = null } = comparison ?? {}
  return { offer, source, similarity, likeness, unlisted }
}
