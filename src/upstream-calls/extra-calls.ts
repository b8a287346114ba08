/** An upstream's calls for what goes beyond an offer's details, metered and cached. */
import type * as z from 'zod'
import { DETAILS_POLICY } from '../cache/policy.ts'
import { descriptionPictures, type Reviews, reviews, type Sales, sales } from '../offers/extras.ts'
import type { Fetched } from '../offers/results/fetched.ts'
import type { ExtraReader, ReadOfOffer } from '../upstreams/port.ts'
import type { CachedAnswer, MeteredCalls, UpstreamCallOptions } from './metered-call.ts'

/** What an upstream does not offer is `null`. */
export interface ExtraCalls {
  reviews: OfferCall<Reviews> | null
  sales: OfferCall<Sales> | null
  descriptionPictures: OfferCall<string[]> | null
}

export interface OfferCall<T> {
  fetch(offerId: string, call: UpstreamCallOptions): Promise<Fetched<T>>
  /** What it would cost now: 0 for a fresh cached answer. Asks no upstream. */
  cost(offerId: string): Promise<number>
}

export function createExtraCalls(reader: ExtraReader, calls: MeteredCalls, creditsPerCall: number): ExtraCalls {
  const callOf = <T>(
    kind: 'reviews' | 'sales' | 'description',
    schema: z.ZodType<T>,
    read: ReadOfOffer<T> | null,
  ): OfferCall<T> | null => {
    if (read === null) return null
    const answer = (offerId: string): CachedAnswer<T> => ({ kind, id: offerId, policy: DETAILS_POLICY, schema })
    return {
      fetch: (offerId, call) =>
        calls.meteredCall(answer(offerId), call, send => send('extras', signal => read(offerId, signal))),
      cost: async offerId => ((await calls.getFresh(answer(offerId))) === null ? creditsPerCall : 0),
    }
  }
  return {
    reviews: callOf('reviews', reviews, reader.fetchReviews),
    sales: callOf('sales', sales, reader.fetchSales),
    descriptionPictures: callOf('description', descriptionPictures, reader.fetchDescriptionPictures),
  }
}
