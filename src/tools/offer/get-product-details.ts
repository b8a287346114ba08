import * as z from 'zod'
import { parseOfferId } from '../../offers/id/offer-id.ts'
import { detailsSchema, detailsText, shapeDetails } from '../../shape/details/details.ts'
import { defineTool } from '../define.ts'
import { Reply } from '../reply.ts'

export const getProductDetails = defineTool({
  name: 'get_product_details',
  title: 'Get 1688 offer details',
  description:
    'Reads one offer of 1688.com: price range and quantity tiers (CNY), minimum order quantity, unit, variants, shop, city and province, ' +
    'pictures, link. Takes an offer_id from search_by_image or any link to a listing.',
  effect: 'reads',
  input: z.strictObject({
    offer_id: z
      .string()
      .min(1)
      .max(4_000)
      .describe('Offer ID (digits), a link to the listing on 1688.com, or a share text that contains one'),
    quantity: z.int().min(1).max(1e9).optional().describe('Units to price'),
    variant: z.string().min(1).max(80).optional().describe('Name of the variant to price, or a part of it'),
  }),
  output: detailsSchema,
  async handle(input, { services, ...call }) {
    const result = await services.getDetails({ offerId: parseOfferId(input.offer_id) }, call)
    const { quantity = null, variant = null } = input
    return Reply.success(detailsSchema, shapeDetails(result, { quantity, variant }), detailsText)
  },
})
