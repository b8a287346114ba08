/** How known offers are written for the product grid: what a concise reply leaves out, and pictures as data. */
import * as z from 'zod'
import type { OfferCard } from '../offers/results/results.ts'
import { dataUrl, linkOf } from './text/links.ts'
import { known } from './text/values.ts'

/** The JSON of a reply to the grid. A key that is not there is unknown; an offer that is not there, too. */
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
    }),
  ),
})

export type CardsValue = z.output<typeof cardsSchema>

/** Offers as JSON. */
export function shapeCards(cards: readonly OfferCard[]): CardsValue {
  return {
    cards: cards.map(({ offer, source, pictureUrl, thumbnail }) => ({
      offer_id: offer.offerId,
      ...known({ image_url: pictureUrl, thumbnail: thumbnail && dataUrl(thumbnail) }),
      ...known({
        detail_url: linkOf(offer.offerId, source),
        province: offer.province,
        moq: offer.moq,
        unit: offer.unit,
      }),
    })),
  }
}

/** A few words for whoever reads text: the grid reads the JSON, and nobody else calls. */
export function cardsText({ cards }: CardsValue): string {
  return `${cards.length} offers for the product grid; pictures and links are in the JSON.`
}
