import * as z from 'zod'
import { compareRemarks, compareSchema, shapeCompare } from '../../shape/compare/compare.ts'
import { compareText } from '../../shape/compare/text.ts'
import { defineTool } from '../define.ts'
import { inChinese } from '../in-chinese.ts'
import { Reply } from '../reply.ts'

export const compareProducts = defineTool({
  name: 'compare_products',
  title: 'Compare 1688 offers',
  description:
    'Compares 2-20 offers of 1688.com at one quantity, best first: unit price from the tiers, whether MOQ and lot size are met and the ' +
    'smallest order, order total (CNY, without freight), shop, place; with median, range and places. A new offer costs one credit, ' +
    'one read within the last day nothing.',
  effect: 'reads',
  page: 'grid',
  input: z.strictObject({
    offer_ids: z
      .array(z.string().min(1).max(4_000))
      .min(2)
      .max(20)
      .describe('Offer IDs (digits), listing links or share texts'),
    quantity: z.int().min(1).max(1e9).optional().describe('Units to buy; if omitted, the smallest order of each offer'),
    variant: z.string().min(1).max(80).optional().describe('Name of the variant, or a part of it'),
    max_moq: z.int().min(1).max(1e9).optional().describe('Highest minimum order quantity'),
    max_unit_price: z.number().min(0.01).max(1e8).optional().describe('Highest unit price in CNY'),
    currency: z.string().min(3).max(3).optional().describe('Beside CNY, such as USD'),
    dry_run: z.boolean().default(false).describe('Only show the price'),
    response_format: z
      .enum(['concise', 'detailed'])
      .default('concise')
      .describe('detailed adds image_url, detail_url, full titles'),
  }),
  output: compareSchema,
  async handle(input, { services, ...call }) {
    const {
      offer_ids: references,
      quantity = null,
      variant = null,
      max_moq: maxMoq = null,
      max_unit_price: maxUnitPrice = null,
    } = input
    const wishes = { quantity, variant, maxMoq, maxUnitPrice }
    const result = await services.compareOffers(
      { references, wishes, dryRun: input.dry_run, currency: input.currency },
      call,
    )
    const zh = await inChinese({ remarks: compareRemarks(result), failures: result.failures }, call.client)
    return Reply.success(compareSchema, shapeCompare(result, input.response_format), compareText, { zh })
  },
})
