import * as z from 'zod'
import { invalidInput } from '../../errors.ts'
import { parseOfferId } from '../../offers/id/offer-id.ts'
import { inCurrency } from '../../offers/results/in-currency.ts'
import { cleanText, FIELD_MAX_CHARS } from '../../offers/text.ts'
import { shapeSupplier, supplierSchema, supplierText } from '../../shape/supplier/supplier.ts'
import { defineTool } from '../define.ts'
import { Reply } from '../reply.ts'
import { PAGING } from '../search/paging.ts'

/** That of the upstreams. */
const MAX_PAGE_SIZE = 20

export const getSupplier = defineTool({
  name: 'get_supplier',
  title: 'Check a supplier',
  description:
    'Who stands behind an offer: factory or trader, years on 1688, badges, service scores, place; and what else they sell, ranked by words ' +
    'or a picture. Costs one credit; whatever costs more is named with its price and read only if max_credits allows. dry_run shows the prices.',
  effect: 'reads',
  input: z.strictObject({
    offer_id: z.string().min(1).max(4_000).optional().describe('An offer of the supplier: ID or link'),
    shop: z.string().min(1).max(80).optional().describe('Or its shop_id or exact name'),
    keyword: z.string().min(1).max(200).optional().describe('Ranks a page by these words (Chinese)'),
    image_url: z.string().min(1).optional().describe('Ranks a page by likeness to this picture'),
    sort: z.enum(['best_match', 'price_asc', 'price_desc', 'sales', 'repurchase']).default('best_match'),
    page: PAGING.page,
    page_size: z.int().min(1).max(MAX_PAGE_SIZE).default(10).describe('Offers per page (20 if ranked)'),
    currency: z.string().min(3).max(3).optional(),
    max_credits: z.int().min(0).max(100).optional().describe('Most credits to spend (default 1)'),
    dry_run: z.boolean().default(false).describe('Only show the prices'),
  }),
  output: supplierSchema,
  async handle(input, { services, ...call }) {
    const result = await services.getSupplier(
      {
        reference: referenceOf(input),
        page: input.page,
        // Only what is on one page of the upstream can be ranked, so a ranked page is a whole one.
        pageSize: input.keyword === undefined && input.image_url === undefined ? input.page_size : MAX_PAGE_SIZE,
        sort: input.sort === 'best_match' ? null : input.sort,
        words: input.keyword ?? null,
        image: input.image_url ?? null,
        maxCredits: input.max_credits,
        dryRun: input.dry_run,
      },
      call,
    )
    const currency = await services.findCurrency(input, call)
    return Reply.success(supplierSchema, shapeSupplier(inCurrency(result, currency)), supplierText)
  },
})

function referenceOf({ offer_id: offerId, shop }: { offer_id?: string | undefined; shop?: string | undefined }) {
  const name = cleanText(shop, FIELD_MAX_CHARS)
  if (offerId !== undefined && shop === undefined) return { offerId: parseOfferId(offerId) }
  if (offerId === undefined && name !== null) return { shop: name }
  throw invalidInput(
    offerId === undefined ? 'Neither offer_id nor shop is given.' : 'Both offer_id and shop are given.',
    'Pass exactly one of them.',
  )
}
