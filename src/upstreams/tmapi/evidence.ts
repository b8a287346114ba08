/** What TMAPI says of an offer and its seller, in search rows and in details alike. */
import { parseCount, parseRate } from '../../offers/count.ts'
import {
  type Evidence,
  NO_EVIDENCE,
  type SellerBadge,
  type ServiceScores,
  type Sold,
} from '../../offers/evidence/evidence.ts'
import { asField, asFlag, asObject, asPositive, type JsonObject } from '../json-readers.ts'

/** No seller is older than 1688. */
const MAX_YEARS = 60

/** Business types as 1688 and its translations name them: maker, then dealer. */
const FACTORY = /生产|工厂|厂家|加工|factory|manufactur/i
const TRADER = /经销|批发|贸易|商贸|代理|trad(?:er|ing)|wholesal|distribut|reseller/i

/** @param offer a row of a search or the data of `item_detail`. */
export function evidenceIn(offer: JsonObject): Evidence {
  const shop = asObject(offer.shop_info)
  return {
    ...NO_EVIDENCE,
    sold: soldOf(offer),
    repurchaseRate: parseRate(offer.item_repurchase_rate),
    yearsOn1688: yearsOf(shop?.shop_years) ?? yearsOf(shop?.tp_year),
    sellerKind: sellerKindOf(shop),
    badges: badgesOf(shop),
    serviceScores: scoresOf(asObject(shop?.score_info)),
    isAd: asFlag(offer.is_ad),
    shopId: shopIdOf(shop),
  }
}

export function isKnown({ badges, ...rest }: Evidence): boolean {
  return badges.length > 0 || Object.values(rest).some(value => value !== null)
}

function soldOf(offer: JsonObject): Sold | null {
  const sales = asObject(offer.sale_info)
  const counts = [
    { raw: sales?.sale_quantity_90days, days: 90 },
    { raw: sales?.sale_quantity_30days, days: 30 },
    { raw: sales?.sale_quantity, days: null },
    { raw: sales?.sale_quantity_int, days: null },
    { raw: offer.sale_count, days: null },
  ]
  for (const { raw, days } of counts) {
    const count = parseCount(raw)
    if (count) return { ...count, days }
  }
  return null
}

/** Zero stands for a shop of unknown age: the first year is 1. */
function yearsOf(raw: unknown): number | null {
  const years = parseCount(raw)?.atLeast ?? 0
  return years >= 1 && years <= MAX_YEARS ? years : null
}

/** That a seller lacks the mark of a factory does not make it a trader. */
function sellerKindOf(shop: JsonObject | null): Evidence['sellerKind'] {
  if (asFlag(shop?.is_factory) === true || asFlag(shop?.is_super_factory) === true) return 'factory'
  const type = asField(shop?.biz_type) ?? ''
  if (FACTORY.test(type)) return 'factory'
  return TRADER.test(type) ? 'trader' : null
}

function badgesOf(shop: JsonObject | null): SellerBadge[] {
  const has = (...names: string[]) => names.some(name => asFlag(shop?.[name]) === true)
  return [
    ...(has('is_super_factory') ? ['super_factory' as const] : []),
    ...(has('is_powerful_seller', 'factory_inspection') ? ['verified_merchant' as const] : []),
    ...(has('tp_member', 'is_tp') ? ['trustpass' as const] : []),
  ]
}

/** Zero stands for a score that was never given. */
function scoresOf(info: JsonObject | null): ServiceScores | null {
  const score = (name: string) => asPositive(info?.[`${name}_score`] ?? info?.[name], 5)
  const scores = {
    composite: score('composite'),
    goods: score('goods'),
    logistics: score('logistics'),
    dispute: score('dispute'),
    afterSales: score('return'),
    consultation: score('consultation'),
  }
  return Object.values(scores).some(value => value !== null) ? scores : null
}

/** The member ID, also from the address of the shop's page. */
function shopIdOf(shop: JsonObject | null): string | null {
  const url = typeof shop?.shop_url === 'string' ? shop.shop_url : ''
  const inUrl = /[?&]memberId=([\w-]{1,64})(?![\w-])/i.exec(url)?.[1]
  const ids = [shop?.member_id, shop?.seller_member_id, inUrl].map(asField)
  return ids.find(id => id !== null && /^[\w-]{1,64}$/.test(id)) ?? null
}
