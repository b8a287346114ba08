import * as z from 'zod'
import { parseOfferId } from '../../offers/id/offer-id.ts'
import { asSearchTarget } from '../../offers/watched.ts'
import { shapeWatchList, watchListSchema, watchListText } from '../../shape/watch.ts'
import { defineTool } from '../define.ts'
import { Reply } from '../reply.ts'

const MAX_AT_ONCE = 100

export const watchOffers = defineTool({
  name: 'watch_offers',
  title: 'Watch offers',
  description:
    'Keeps a list of offers and searches whose changes matter: price, quantity tiers, MOQ, sold out, withdrawn, new offers in a search. ' +
    'Adds to it, removes from it or shows it; reads nothing and costs nothing. check_watched then reads them again. At most 500.',
  effect: 'edits_list',
  input: z.strictObject({
    action: z.enum(['add', 'remove', 'list']).default('list').describe('Default list'),
    offer_ids: z.array(z.string().min(1).max(4_000)).max(MAX_AT_ONCE).optional().describe('Offer IDs or listing links'),
    searches: z
      .array(z.string().min(1).max(1_000))
      .max(MAX_AT_ONCE)
      .optional()
      .describe('Words, preferably Chinese, or the URL of a picture'),
  }),
  output: watchListSchema,
  async handle({ action, offer_ids: offers = [], searches = [] }, { services }) {
    const targets = [
      ...offers.map(text => ({ kind: 'offer' as const, target: parseOfferId(text) })),
      ...searches.map(asSearchTarget),
    ]
    const result = await services.watchOffers({ action, targets })
    return Reply.success(watchListSchema, shapeWatchList(result, action), watchListText)
  },
})
