/**
 * What a buyer judges an offer and its seller by. `null` means unknown, never zero. Rates are fractions from 0 to 1.
 * Search results and details have the same block, so that no second call pays for what a search already returned.
 */
import * as z from 'zod'

/** Units sold: a count (see count.ts) and its period. */
export type Sold = z.infer<typeof sold>
const sold = z.object({
  text: z.string(),
  atLeast: z.number(),
  /** Days in that period; `null` if the source does not say. */
  days: z.number().nullable(),
})

/** Given by 1688: audited large factory (超级工厂), verified merchant (实力商家), paying member of known identity (诚信通). */
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
  /** Share of buyers who bought again (复购率). */
  repurchaseRate: z.number().nullable(),
  yearsOn1688: z.number().nullable(),
  sellerKind: z.enum(['factory', 'trader']).nullable(),
  badges: z.array(sellerBadge),
  serviceScores: serviceScores.nullable(),
  /** Share of the last 30 days' orders that were returned for poor quality. */
  qualityReturnRate: z.number().nullable(),
  /** Share of the last 30 days' parcels that were dispatched within 24 hours. */
  dispatchWithin24hRate: z.number().nullable(),
  /** Whether the seller paid for the place in the search results. */
  isAd: z.boolean().nullable(),
  /** The source's ID of the shop, for calls about the shop. */
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
