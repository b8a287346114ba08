import * as z from 'zod'
import { EXTRAS } from '../../offers/extras.ts'
import { parseOfferId } from '../../offers/id/offer-id.ts'
import { inCurrency } from '../../offers/results/in-currency.ts'
import { detailsSchema, detailsText, shapeDetails } from '../../shape/details/details.ts'
import { defineTool } from '../define.ts'
import { inChinese } from '../in-chinese.ts'
import { Reply } from '../reply.ts'

export const getProductDetails = defineTool({
  name: 'get_product_details',
  title: 'Get 1688 offer details',
  description:
    'Reads one offer of 1688.com: price range and quantity tiers (CNY), minimum order quantity, unit, variants, shop, city and province, ' +
    'pictures, link. Takes an offer_id from search_by_image or any link to a listing.',
  effect: 'reads',
  input: z.strictObject({
    offer_id: z.string().min(1).max(4_000).describe('Offer ID (digits), listing link or share text'),
    quantity: z.int().min(1).max(1e9).optional().describe('Units to price'),
    variant: z.string().min(1).max(80).optional().describe('Name of the variant, or a part of it'),
    include: z
      .array(z.enum(EXTRAS))
      .max(EXTRAS.length)
      .optional()
      .describe('Each may cost one credit more, which max_credits must allow'),
    currency: z.string().min(3).max(3).optional(),
    max_credits: z.int().min(0).max(100).optional().describe('Most credits to spend (default 1)'),
  }),
  output: detailsSchema,
  async handle(input, { services, ...call }) {
    const { quantity = null, variant = null, include, max_credits: maxCredits } = input
    const request = { offerId: parseOfferId(input.offer_id), maxCredits, ...(include && { include }) }
    const [result, currency] = await Promise.all([
      services.getDetails(request, call),
      services.findCurrency(input, call),
    ])
    const value = shapeDetails(inCurrency(result, currency), { quantity, variant })
    return Reply.success(detailsSchema, value, detailsText, { zh: await inChinese(result, call.client) })
  },
})
