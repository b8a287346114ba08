/** An upstream's calls for what goes beyond an offer's details. */
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
import type { ExtraReader } from '../upstreams/port.ts'
import { type CachedCall, createCachedCall } from './cached-call.ts'
import type { MeteredCalls } from './metered-call.ts'

/** What an upstream does not offer is `null`. */
export interface ExtraCalls {
  reviews: CachedCall<Reviews> | null
  sales: CachedCall<Sales> | null
  descriptionPictures: CachedCall<string[]> | null
  freight: CachedCall<Freight, FreightQuery> | null
}

export function createExtraCalls(reader: ExtraReader, calls: MeteredCalls): ExtraCalls {
  const common = { policy: DETAILS_POLICY, ability: 'extras' } as const
  const ofOffer = { ...common, idOf: (offerId: string) => offerId }
  return {
    reviews: createCachedCall(calls, { ...ofOffer, kind: 'reviews', schema: reviews, read: reader.fetchReviews }),
    sales: createCachedCall(calls, { ...ofOffer, kind: 'sales', schema: sales, read: reader.fetchSales }),
    descriptionPictures: createCachedCall(calls, {
      ...ofOffer,
      kind: 'description',
      schema: descriptionPictures,
      read: reader.fetchDescriptionPictures,
    }),
    freight: createCachedCall(calls, {
      ...common,
      kind: 'freight',
      idOf: ({ offerId, province, quantity, weightKg }: FreightQuery) =>
        JSON.stringify([offerId, province, quantity, weightKg]),
      schema: freight,
      read: reader.fetchFreight,
    }),
  }
}
