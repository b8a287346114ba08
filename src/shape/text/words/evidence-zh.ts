/** Evidence in Chinese, in the same order as in English (text/evidence.ts). */
import type { Evidence, SellerBadge, ServiceScores, Sold } from '../../../offers/evidence/evidence.ts'
import { percent } from '../values.ts'

const SELLERS = { factory: '工厂', trader: '贸易商' } as const

export const BADGES_ZH: Readonly<Record<SellerBadge, string>> = {
  super_factory: '超级工厂',
  verified_merchant: '实力商家',
  trustpass: '诚信通',
}

const SCORES = [
  ['composite', '综合'],
  ['goods', '商品'],
  ['logistics', '物流'],
  ['dispute', '纠纷'],
  ['afterSales', '售后'],
  ['consultation', '咨询'],
] as const satisfies [keyof ServiceScores, string][]

export function evidenceZh(evidence: Evidence): string {
  const { qualityReturnRate: returns, dispatchWithin24hRate: dispatch, serviceScores } = evidence
  const scores = scoresOf(serviceScores)
  return joined([
    ...keyFacts(evidence),
    ...evidence.badges.map(badge => BADGES_ZH[badge]),
    returns === null ? null : `30 天品质退货率 ${percent(returns)}`,
    dispatch === null ? null : `24 小时发货率 ${percent(dispatch)}`,
    scores === '' ? null : `服务评分（满分 5）：${scores}`,
    evidence.isAd ? '广告' : null,
  ])
}

export function briefEvidenceZh(evidence: Evidence): string {
  return joined([...keyFacts(evidence), evidence.isAd ? '广告' : null])
}

function keyFacts({ sold, repurchaseRate, sellerKind, yearsOn1688 }: Evidence): (string | null)[] {
  return [
    sold && soldText(sold),
    repurchaseRate === null ? null : `复购率 ${percent(repurchaseRate)}`,
    sellerKind && SELLERS[sellerKind],
    yearsOn1688 === null ? null : `入驻 ${yearsOn1688} 年`,
  ]
}

function soldText({ text, days }: Sold): string {
  return days === null ? `已售 ${text}` : `${days} 天内已售 ${text}`
}

function scoresOf(scores: ServiceScores | null): string {
  return joined(SCORES.map(([key, name]) => (scores?.[key] == null ? null : `${name} ${scores[key]}`)))
}

function joined(parts: readonly (string | null)[]): string {
  return parts.filter(part => part !== null).join('、')
}
