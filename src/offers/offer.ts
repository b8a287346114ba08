/**
 * The nouns of the trade: what an offer on 1688 is, as far as an upstream said. `null` means unknown, never zero. The schemas read offers that
 * were stored as JSON: one that an older version wrote without a field that is needed now does not parse, and is fetched again.
 */
import * as z from 'zod'
import { priceTierSchema } from './price/ladder.ts'
import { priceSchema } from './price/price.ts'

export type Sku = z.infer<typeof sku>
const sku = z.object({
  /** The upstream's id of the variant. */
  skuId: z.string().nullable(),
  /** What sets it apart, for example `"红色 / XL"`. */
  name: z.string(),
  price: priceSchema.nullable(),
  /** Units on sale. */
  stock: z.number().nullable(),
})

/** Units that were sold: a count (see count.ts) and its time. */
export type Sold = z.infer<typeof sold>
const sold = z.object({
  text: z.string(),
  atLeast: z.number(),
  /** Over how many days they were counted; `null` where the upstream does not say. */
  days: z.number().nullable(),
})

/** Whether an order may mix the seller's goods (混批), and from where on. */
export type MixedBatch = z.infer<typeof mixedBatch>
const mixedBatch = z.object({
  offered: z.boolean(),
  /** Units in all from which on they may be mixed; `null` where that is no condition or unknown. */
  minUnits: z.number().nullable(),
  /** The same as an order's worth, in CNY. Either of the two is enough. */
  minCny: z.number().nullable(),
})

/**
 * What 1688 vouches for: an audited large factory (超级工厂), a verified merchant (实力商家), a paying member of known identity (诚信通).
 */
export type SellerBadge = z.infer<typeof sellerBadge>
const sellerBadge = z.enum(['super_factory', 'verified_merchant', 'trustpass'])

/** What a search knows of an offer. */
export type OfferSummary = z.infer<typeof offerSummary>
export const offerSummary = z.object({
  /** Digits only, see id/offer-id.ts. */
  offerId: z.string(),
  /** The listing's title: third-party text, cleaned by text.ts. */
  title: z.string(),
  price: priceSchema.nullable(),
  /** Minimum order quantity (起批量), in units. */
  moq: z.number().nullable(),
  /** As given: 件, 个, 套, … */
  unit: z.string().nullable(),
  shopName: z.string().nullable(),
  /** With its suffix: `"金华市"`. */
  city: z.string().nullable(),
  /** With its suffix: `"浙江省"`. */
  province: z.string().nullable(),
  /** http(s), `sample:` for a picture inside this package, or `file:` for one of an imported file, which no reply shows. */
  imageUrl: z.string().nullable(),
})

/** What a details call knows of an offer. */
export type OfferDetails = z.infer<typeof offerDetails>
export const offerDetails = offerSummary.extend({
  /** Picture URLs, the first is the main one. */
  images: z.array(z.string()),
  /** Ascending in quantity; empty where the price does not depend on quantity or that is unknown. */
  priceTiers: z.array(priceTierSchema),
  /** Empty where the upstream gives none. */
  skus: z.array(sku),
  /** An order is a multiple of this many units (起批 by the lot). */
  lotSize: z.number().nullable(),
  mixedBatch: mixedBatch.nullable(),
  sold: sold.nullable(),
  /** Of one unit, in kilograms. */
  weightKg: z.number().nullable(),
  /** Part of the seller's buyers that came back (复购率), 0 to 1. */
  repurchaseRate: z.number().nullable(),
  /** Empty where none is known. */
  sellerBadges: z.array(sellerBadge),
})

/** What {@link OfferDetails} adds to an offer where a source says nothing of it. */
export const NOTHING_MORE = {
  lotSize: null,
  mixedBatch: null,
  sold: null,
  weightKg: null,
  repurchaseRate: null,
  sellerBadges: [],
} satisfies Partial<OfferDetails>
