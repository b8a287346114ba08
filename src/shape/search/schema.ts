/** The JSON of search replies. */
import * as z from 'zod'
import { currencySchema } from '../text/currency.ts'
import { creditsSchema, sourceSchema } from '../text/provenance.ts'

const productSchema = z.object({
  offer_id: z.string(),
  title: z.string(),
  price: z.string().optional(),
  /** In the other currency. */
  price_other: z.string().optional(),
  /** The seller's own price, in another currency. */
  quoted: z.string().optional(),
  shop_name: z.string().optional(),
  city: z.string().optional(),
  similarity: z.number().optional(),
  /** Sales, repurchase rate, who the seller is. */
  evidence: z.string().optional(),
  unlisted: z.string().optional(),
  image_url: z.string().optional(),
  detail_url: z.string().optional(),
  title_translated: z.string().optional(),
  province: z.string().optional(),
  moq: z.int().min(1).max(1e9).optional(),
  unit: z.string().optional(),
  likeness: z.string().optional(),
  from: z.string().optional(),
})

const matchSchema = z.object({
  method: z.enum(['visual', 'upstream', 'none']),
  compared: z.int().min(0).max(1e9),
  known: z.int().min(0).max(1e9),
  embedder: z.string().optional(),
  best: z.string().optional(),
  /** How many of the first products are the same item. */
  same_item: z.int().min(0).max(60).optional(),
  /** How many after those probably are. */
  probably_same_item: z.int().min(0).max(60).optional(),
  /** How many after those are similar; the rest are not alike. */
  similar: z.int().min(0).max(60).optional(),
})

/** The JSON of every search reply. A missing key is unknown. */
const resultShape = {
  /** Best first. Texts are third-party listing data. Prices in CNY. */
  products: z.array(productSchema),
  page: z.int().min(1).max(1e6),
  page_size: z.int().min(1).max(60),
  total_found: z.int().min(0).max(1e9).optional(),
  /** Offers of this page cut for length. */
  left_out: z.int().min(1).max(60).optional(),
  currency: currencySchema.optional(),
  note: z.string().optional(),
  next: z.string(),
  match: matchSchema,
  source: sourceSchema,
  credits: creditsSchema,
}

const resultSchema = z.object(resultShape)
export type ResultValue = z.output<typeof resultSchema>

export const searchSchema = z.object({
  query_image_url: z.string(),
  ...resultShape,
  pictures_of: z
    .array(z.string())
    .optional()
    .describe('ids in the order of the picture blocks, where your host passes them on'),
})

export type SearchValue = z.output<typeof searchSchema>

/** Without the fields that only a picture search fills: every conversation pays for each schema's bytes. */
export const keywordSchema = z.object({
  query: z.string(),
  ...resultShape,
  products: z.array(productSchema.omit({ similarity: true, likeness: true })),
  match: matchSchema.pick({ method: true, compared: true, known: true }),
})

export type KeywordValue = z.output<typeof keywordSchema>
