/**
 * An offer on 1688, as reported by an upstream. `null` means unknown, never zero. The schemas also read offers stored
 * as JSON: one from an older version that lacks a required field does not parse and is fetched again.
 */
import * as z from 'zod'
import { evidence } from './evidence/evidence.ts'
import { priceTierSchema } from './price/ladder.ts'
import { packSchema } from './price/pack.ts'
import { priceSchema } from './price/price.ts'

/** One unit as shipped: measured by 1688, stated by the seller, or predicted by 1688 from similar goods. */
export type Packaging = z.infer<typeof packaging>
const packaging = z.object({
  weightKg: z.number().nullable(),
  /** Length, width and height. */
  sizeCm: z.tuple([z.number(), z.number(), z.number()]).nullable(),
  basis: z.enum(['measured', 'seller', 'predicted']).nullable(),
})

export type Sku = z.infer<typeof sku>
const sku = z.object({
  /** The upstream's ID of the variant. */
  skuId: z.string().nullable(),
  /** For example `"红色 / XL"`. */
  name: z.string(),
  price: priceSchema.nullable(),
  /** Units available. */
  stock: z.number().nullable(),
  packaging: packaging.nullable().optional(),
})

/** Whether an order may mix the seller's goods (混批), and from what size. */
export type MixedBatch = z.infer<typeof mixedBatch>
const mixedBatch = z.object({
  offered: z.boolean(),
  /** Minimum total units of a mixed order; `null` if not required or unknown. */
  minUnits: z.number().nullable(),
  /** Minimum value of a mixed order in CNY. Meeting either minimum is enough. */
  minCny: z.number().nullable(),
})

/** `not_orderable`: withdrawn, under review, refused or about to be deleted. */
export type OfferStatus = z.infer<typeof offerStatus>
export const offerStatus = z.enum(['on_sale', 'sold_out', 'not_orderable'])

/** What a search returns about an offer. */
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
  /** http(s), `sample:` for a picture in this package, or `file:` for an imported one, which no reply shows. */
  imageUrl: z.string().nullable(),
  /** Further pictures of it, addressed likewise; absent if none are known. */
  photos: z.array(z.string()).optional(),
  /** The title as the source translated it. */
  titleTranslated: z.string().optional(),
  /** Ascending in quantity; absent if the price does not depend on quantity, or unknown. */
  priceTiers: z.array(priceTierSchema).optional(),
  /** What the seller quotes, if not in CNY: `price` is then converted by the user's rate, or unknown. */
  quoted: z.object({ text: z.string(), currency: z.string() }).nullable().optional(),
  /** What the price is quoted for, if not for a piece: `price`, `moq` and ladder are then converted to pieces. */
  pack: packSchema.nullable().optional(),
  /** Absent if the source reports none. */
  evidence: evidence.optional(),
})

/** Pictures of an offer beside the first. */
export const MAX_PHOTOS = 5

/** @param pictures the first of which may be `imageUrl` itself. @returns what to store as an offer's photos. */
export function photosOf(imageUrl: string | null, pictures: readonly string[]): string[] | undefined {
  const photos = [...new Set(pictures)].filter(picture => picture !== imageUrl).slice(0, MAX_PHOTOS)
  return photos.length === 0 ? undefined : photos
}

/** The first is the main one. */
export function picturesOf({ imageUrl, photos = [] }: Pick<OfferSummary, 'imageUrl' | 'photos'>): string[] {
  return [...(imageUrl === null ? [] : [imageUrl]), ...photos]
}

/** What a details call returns about an offer. */
export type OfferDetails = z.infer<typeof offerDetails>
export const offerDetails = offerSummary.extend({
  /** Picture URLs, the first is the main one. */
  images: z.array(z.string()),
  /** Ascending in quantity; empty if the price does not depend on quantity, or unknown. */
  priceTiers: z.array(priceTierSchema),
  /** Empty if the upstream reports none. */
  skus: z.array(sku),
  /** An order is a multiple of this many units (起批 by the lot). */
  lotSize: z.number().nullable(),
  mixedBatch: mixedBatch.nullable(),
  /** Whether it can be ordered now; `null` if the source does not say. */
  status: offerStatus.nullable(),
  /** Of one unit; if variants differ, of the heaviest. */
  packaging: packaging.nullable(),
  /** Material, use and the like, as the seller states them. */
  attributes: z.array(z.object({ name: z.string(), value: z.string() })),
  /** Names of certificates. */
  certificates: z.array(z.string()),
  /** Domestic freight of the first unit, in CNY. */
  freightFromCny: z.number().nullable(),
})

/** The additions of {@link OfferDetails} for a source that reports none of them. */
export const NOTHING_MORE = {
  lotSize: null,
  mixedBatch: null,
  status: null,
  packaging: null,
  attributes: [],
  certificates: [],
  freightFromCny: null,
} satisfies Partial<OfferDetails>
