/** Evidence as replies show it; what is unknown is left out. */
import * as z from 'zod'
import type { Evidence, Sold } from '../../offers/evidence/evidence.ts'
import { omitUnknown, percent } from './values.ts'

const rate = z.number().optional()

const score = z.number().optional()
const serviceScoresSchema = z.object({
  composite: score,
  goods: score,
  logistics: score,
  dispute: score,
  after_sales: score,
  consultation: score,
})

/** What a shortlist has room for. */
export const keyEvidenceSchema = z.object({
  /** Units sold, with the period where it is known. */
  sold: z.string().optional(),
  /** Share of buyers who bought again, 0-1. */
  repurchase_rate: rate,
  years_on_1688: z.int().optional(),
  seller_kind: z.enum(['factory', 'trader']).optional(),
  seller_badges: z.array(z.string()).optional(),
  is_ad: z.boolean().optional(),
})

export const evidenceSchema = keyEvidenceSchema.extend({
  /** 0-5. */
  service_scores: serviceScoresSchema.optional(),
  quality_return_rate_30d: rate,
  dispatch_within_24h_rate_30d: rate,
  shop_id: z.string().optional(),
})

export type EvidenceValue = z.output<typeof evidenceSchema>

export function shapeEvidence(evidence: Evidence): EvidenceValue {
  return {
    ...shapeKeyEvidence(evidence),
    ...omitUnknown({
      service_scores: scoresOf(evidence),
      quality_return_rate_30d: evidence.qualityReturnRate,
      dispatch_within_24h_rate_30d: evidence.dispatchWithin24hRate,
      shop_id: evidence.shopId,
    }),
  }
}

export function shapeKeyEvidence(evidence: Evidence): z.output<typeof keyEvidenceSchema> {
  return omitUnknown({
    sold: soldText(evidence.sold),
    repurchase_rate: evidence.repurchaseRate,
    years_on_1688: evidence.yearsOn1688,
    seller_kind: evidence.sellerKind,
    seller_badges: evidence.badges.length > 0 ? evidence.badges : null,
    is_ad: evidence.isAd === true ? true : null,
  })
}

/** `sold 5万+ in 90 days, repurchase 13%, factory, 7 years, super_factory`; empty where nothing is known. */
export function evidenceText(value: EvidenceValue): string {
  const { sold, repurchase_rate: repurchase, years_on_1688: years, quality_return_rate_30d: returns } = value
  const dispatch = value.dispatch_within_24h_rate_30d
  const scores = Object.entries(value.service_scores ?? {}).map(([name, score]) => `${name} ${score}`)
  return [
    sold === undefined ? [] : `sold ${sold}`,
    repurchase === undefined ? [] : `repurchase ${percent(repurchase)}`,
    value.seller_kind ?? [],
    years === undefined ? [] : `${years} ${years === 1 ? 'year' : 'years'} on 1688`,
    value.seller_badges ?? [],
    returns === undefined ? [] : `returned for quality ${percent(returns)} in 30 days`,
    dispatch === undefined ? [] : `dispatched within 24 h ${percent(dispatch)}`,
    scores.length === 0 ? [] : `scores out of 5: ${scores.join(', ')}`,
    value.is_ad ? 'ad' : [],
  ]
    .flat()
    .join(', ')
}

/** The same in as few tokens as a shortlist has: `sold 5万+, repurchase 13%, factory 7y, ad`. */
export function briefEvidence({ sold, repurchaseRate, sellerKind, yearsOn1688: years, isAd }: Evidence): string {
  const age = years === null ? '' : `${years}y`
  return [
    sold === null ? [] : `sold ${sold.text}`,
    repurchaseRate === null ? [] : `repurchase ${Math.round(repurchaseRate * 100)}%`,
    [sellerKind ?? '', age].filter(part => part !== '').join(' ') || [],
    isAd === true ? 'ad' : [],
  ]
    .flat()
    .join(', ')
}

/** `"5万+ in 90 days"`. */
function soldText(sold: Sold | null): string | null {
  if (sold === null) return null
  return sold.days === null ? sold.text : `${sold.text} in ${sold.days} days`
}

function scoresOf({ serviceScores }: Evidence): z.output<typeof serviceScoresSchema> | null {
  if (serviceScores === null) return null
  const { composite, goods, logistics, dispute, afterSales, consultation } = serviceScores
  return omitUnknown({ composite, goods, logistics, dispute, after_sales: afterSales, consultation })
}
