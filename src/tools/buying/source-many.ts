import * as z from 'zod'
import { invalidInput } from '../../errors.ts'
import { inCurrency } from '../../offers/results/in-currency.ts'
import { shapeSourceMany, sourceManySchema } from '../../shape/search/source-many.ts'
import { sourceManyText } from '../../shape/search/source-many-text.ts'
import { omitUnknown } from '../../shape/text/values.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import type { WantedProduct } from '../../use-cases/buying/source-many.ts'
import { defineTool } from '../define.ts'
import { Reply } from '../reply.ts'
import { PAGING } from '../search/paging.ts'

export const MAX_PRODUCTS = 12

export const sourceMany = defineTool({
  name: 'source_many',
  title: 'Source several products',
  description:
    'Finds offers for up to 12 products at once, by photos or words, each at its quantity, and the suppliers that have several of them. ' +
    'Costs one credit a product (two if TMAPI must convert the photo), at most max_credits. Says which products are left: the same call ' +
    'again goes on and pays for nothing twice. dry_run shows the price.',
  effect: 'reads',
  pictures: MAX_PRODUCTS,
  input: z.strictObject({
    image_urls: z.array(z.string().min(1)).max(MAX_PRODUCTS).optional().describe('Photos, as in search_by_image'),
    keywords: z.array(z.string().min(1).max(200)).max(MAX_PRODUCTS).optional().describe('Product names, in Chinese'),
    quantities: z
      .array(z.int().min(1).max(1e9))
      .max(MAX_PRODUCTS)
      .optional()
      .describe('Units: one for all, or one each, photos first'),
    offers_each: z.int().min(1).max(5).default(3).describe('Length of each shortlist'),
    max_price: PAGING.max_price,
    location: PAGING.location,
    seller: PAGING.seller,
    currency: z.string().min(3).max(3).optional(),
    max_credits: z.int().min(0).max(1_000).optional().describe('For the whole call'),
    dry_run: z.boolean().default(false).describe('Only show the price'),
  }),
  output: sourceManySchema,
  async handle(input, { services, ...call }) {
    const { image_urls: images = [], keywords = [], max_price: maxPrice, location } = input
    const seller = input.seller === 'any' ? null : input.seller
    const request = {
      products: productsOf(images, keywords, input.quantities ?? []),
      filters: omitUnknown({ maxPrice, location, seller }),
      // What the description states.
      maxCredits: input.max_credits ?? 2 * images.length + keywords.length,
      dryRun: input.dry_run,
      budgetMs: CALL_BUDGET.batch.callerMs,
    }
    const [result, currency] = await Promise.all([
      services.sourceMany(request, call),
      services.findCurrency(input, call),
    ])
    const value = shapeSourceMany(inCurrency(result, currency), input.offers_each)
    return Reply.success(sourceManySchema, value, sourceManyText)
  },
})

/** @throws AppError `invalid_input` for no product, too many, or quantities that belong to none. */
function productsOf(
  images: readonly string[],
  keywords: readonly string[],
  quantities: readonly number[],
): WantedProduct[] {
  const products = [...images.map(image => ({ image })), ...keywords.map(keyword => ({ keyword }))]
  const count = products.length
  if (count === 0 || count > MAX_PRODUCTS) {
    throw invalidInput(
      count === 0 ? 'Neither image_urls nor keywords names a product.' : `${count} products are too many.`,
      `Pass 1 to ${MAX_PRODUCTS} photos and words in all.`,
    )
  }
  if (quantities.length > 1 && quantities.length !== count) {
    throw invalidInput(
      `quantities has ${quantities.length} numbers for ${count} ${count === 1 ? 'product' : 'products'}.`,
      'Pass one number for all products, or one for each: the photos first, then the words.',
    )
  }
  const [only] = quantities
  return products.map((product, index) => ({
    ...product,
    quantity: (quantities.length === 1 ? only : quantities[index]) ?? null,
  }))
}
