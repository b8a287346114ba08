/**
 * What a buyer judges an offer and its seller by, as far as a source says. `null` means unknown, never zero. Rates are
 * parts of 1. Search rows and details carry the same block, so that what a search already answered is not bought again.
 */
import * as z from 'zod'

/** Units that were sold: a count (see count.ts) and its period. */
export type Sold = z.infer<typeof sold>
const sold = z.object({
  text: z.string(),
  atLeast: z.number(),
  /** Days over which they were counted; `null` where the source does not say. */
  days: z.number().nullable(),
})

/**
 * What 1688 vouches for: an audited large factory (超级工厂), a verified merchant (实力商家), a paying member of known identity
 * (诚信通).
 */
export type SellerBadge = z.infer<typeof sellerBadge>
const sellerBadge = z.enum(['super_factory', 'verified_merchant', 'trustpass'])

/** Scores of 0 to 5 that 1688 computes from buyers' experience. */
export type ServiceScores = z.infer<typeof serviceScores>
const serviceScores = z.object({
  composite: z.number().nullable(),
  goods: z.number().nullable(),
  logistics: z.number().nullable(),
  dispute: z.number().nullable(),
  afterSales: z.number().nullable(),
  consultation: z.number().nullable(),
})

export type Evidence = z.infer<typeof evidence>
export const evidence = z.object({
  sold: sold.nullable(),
  /** Part of the buyers that came back (复购率). */
  repurchaseRate: z.number().nullable(),
  yearsOn1688: z.number().nullable(),
  sellerKind: z.enum(['factory', 'trader']).nullable(),
  badges: z.array(sellerBadge),
  serviceScores: serviceScores.nullable(),
  /** Part of the orders of 30 days that came back for their quality. */
  qualityReturnRate: z.number().nullable(),
  /** Part of the parcels of 30 days that were handed over within 24 hours. */
  dispatchWithin24hRate: z.number().nullable(),
  /** Whether the seller paid for the row's place in the search. */
  isAd: z.boolean().nullable(),
  /** The source's key to the shop, for calls about the shop. */
  shopId: z.string().nullable(),
})

export const NO_EVIDENCE: Evidence = {
  sold: null,
  repurchaseRate: null,
  yearsOn1688: null,
  sellerKind: null,
  badges: [],
  serviceScores: null,
  qualityReturnRate: null,
  dispatchWithin24hRate: null,
  isAd: null,
  shopId: null,
}

export function evidenceOf(offer: { evidence?: Evidence | undefined }): Evidence {
  return offer.evidence ?? NO_EVIDENCE
}
