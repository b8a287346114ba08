import * as z from 'zod'
import { parseOfferId } from '../../offers/id/offer-id.ts'
import { cardsSchema, shapeCards } from '../../shape/cards.ts'
import { defineTool } from '../define.ts'
import { Reply } from '../reply.ts'

/** A whole page. The grid asks for thumbnails, some 7 kB each as text, by the dozen. */
const MAX_OFFERS = 60

export const getOfferCards = defineTool({
  name: 'get_offer_cards',
  title: 'Cards for the product grid',
  description: 'For the product grid only: facts of known offers, at no cost.',
  effect: 'reads',
  calledBy: ['grid', 'picker'],
  input: z.strictObject({
    offer_ids: z.array(z.string().min(1).max(40)).min(1).max(MAX_OFFERS),
    thumbnails: z.boolean().default(false),
    query: z.string().max(8_000).optional(),
  }),
  output: cardsSchema,
  async handle({ offer_ids: ids, thumbnails, query }, { services, ...call }) {
    const [cards, picture] = await Promise.all([
      services.getCards({ offerIds: ids.map(parseOfferId), withThumbnails: thumbnails, withStatus: true }, call),
      query === undefined ? null : services.getQueryPicture({ reference: query }, call),
    ])
    // The page reads the text where a host withholds the JSON.
    return Reply.success(cardsSchema, shapeCards(cards, picture), value => JSON.stringify(value))
  },
})
