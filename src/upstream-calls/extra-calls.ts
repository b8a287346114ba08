/** An upstream's calls for what goes beyond an offer's details, metered and cached. */
import type * as z from 'zod'
import { DETAILS_POLICY } from '../cache/policy.ts'
import {
  descriptionPictures,
  type Freight,
  type FreightQuery,
  freight,
  type Reviews,
  reviews,
  type Sales,
  sales,
} from '../offers/extras.ts'
import type { Fetched } from '../offers/results/fetched.ts'
import type { ExtraReader, ReadOfOffer } from '../upstreams/port.ts'
import type { CachedAnswer, MeteredCalls, UpstreamCallOptions } from './metered-call.ts'

/** What an upstream does not offer is `null`. */
export interface ExtraCalls {
  reviews: OfferCall<Reviews> | null
  sales: OfferCall<Sales> | null
  descriptionPictures: OfferCall<string[]> | null
  freight: OfferCall<Freight, FreightQuery> | null
}

/** @typeParam Query the offer's ID, unless more is needed. */
export interface OfferCall<T, Query = string> {
  fetch(query: Query, call: UpstreamCallOptions): Promise<Fetched<T>>
  /** What it would cost now: 0 for a fresh cached answer. Asks no upstream. */
  cost(query: Query): Promise<number>
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
  const freightCall = (read: ExtraReader['fetchFreight']): OfferCall<Freight, FreightQuery> | null => {
    if (read === null) return null
    const answer = (query: FreightQuery): CachedAnswer<Freight> => {
      const { offerId, province, quantity, weightKg } = query
      const id = JSON.stringify([offerId, province, quantity, weightKg])
      return { kind: 'freight', id, policy: DETAILS_POLICY, schema: freight }
    }
    return {
      fetch: (query, call) =>
        calls.meteredCall(answer(query), call, send => send('extras', signal => read(query, signal))),
      cost: async query => ((await calls.getFresh(answer(query))) === null ? creditsPerCall : 0),
    }
  }
  return {
    reviews: callOf('reviews', reviews, reader.fetchReviews),
    sales: callOf('sales', sales, reader.fetchSales),
    freight: freightCall(reader.fetchFreight),
    descriptionPictures: callOf('description', descriptionPictures, reader.fetchDescriptionPictures),
  }
}
