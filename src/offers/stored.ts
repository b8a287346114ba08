/** Owns the schemas by which offers that were kept as JSON are believed again: what a newer version needs and an older did not keep is a miss. */
import { z } from 'zod'
import type { OfferDetails, OfferSummary } from './offer.ts'

const price = z.object({ text: z.string(), min: z.number(), max: z.number() })

const summary = z.object({
  offerId: z.string(),
  title: z.string(),
  price: price.nullable(),
  moq: z.number().nullable(),
  unit: z.string().nullable(),
  shopName: z.string().nullable(),
  city: z.string().nullable(),
  province: z.string().nullable(),
  imageUrl: z.string().nullable(),
})

/** An offer of a search, kept as JSON. */
export const storedSummary: z.ZodType<OfferSummary> = summary

/** An offer in full, kept as JSON. */
export const storedDetails: z.ZodType<OfferDetails> = summary.extend({
  images: z.array(z.string()),
  priceTiers: z.array(z.object({ minQuantity: z.number(), price })),
  skus: z.array(
    z.object({ skuId: z.string().nullable(), name: z.string(), price: price.nullable(), stock: z.number().nullable() }),
  ),
  lotSize: z.number().nullable(),
  mixedBatch: z
    .object({ offered: z.boolean(), minUnits: z.number().nullable(), minCny: z.number().nullable() })
    .nullable(),
  sold: z.object({ text: z.string(), atLeast: z.number(), days: z.number().nullable() }).nullable(),
  weightKg: z.number().nullable(),
  repurchaseRate: z.number().nullable(),
  sellerBadges: z.array(z.enum(['super_factory', 'verified_merchant', 'trustpass'])),
})
