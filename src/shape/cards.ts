/** What a concise reply leaves out, for the product grid. */
import * as z from 'zod'
import { offerStatus } from '../offers/offer.ts'
import type { OfferCard } from '../offers/results/results.ts'
import { dataUrl, linkOf } from './text/links.ts'
import { omitUnknown } from './text/values.ts'

/** A missing key is unknown, and so is a missing offer. */
export const cardsSchema = z.object({
  cards: z.array(
    z.object({
      offer_id: z.string(),
      image_url: z.string().optional(),
      thumbnail: z.string().optional(),
      detail_url: z.string().optional(),
      province: z.string().optional(),
      moq: z.number().optional(),
      unit: z.string().optional(),
      status: offerStatus.optional(),
    }),
  ),
  query_thumbnail: z.string().optional(),
})

export type CardsValue = z.output<typeof cardsSchema>

/** @param query a small copy of the picture that was searched with. */
export function shapeCards(cards: readonly OfferCard[], query: Uint8Array | null): CardsValue {
  return {
    ...omitUnknown({ query_thumbnail: query && dataUrl(query) }),
    cards: cards.map(({ offer, source, pictureUrl, thumbnail, status }) => ({
      offer_id: offer.offerId,
      ...omitUnknown({ image_url: pictureUrl, thumbnail: thumbnail && dataUrl(thumbnail) }),
      ...omitUnknown({
        detail_url: linkOf(offer.offerId, source),
        province: offer.province,
        moq: offer.moq,
        unit: offer.unit,
        status,
      }),
    })),
  }
}
