/** Translates what TMAPI says about a shop: `shop/shop_info` and `shop/items`. */
import type { SellerBadge, ServiceScores } from '../../offers/evidence/evidence.ts'
import { parsePlace } from '../../offers/place/place.ts'
import type { ShopProfile } from '../../offers/supplier.ts'
import {
  asField,
  asFlag,
  asInteger,
  asList,
  asObject,
  asPositive,
  type JsonObject,
  needObject,
} from '../json-readers.ts'
import type { OfferPage, PageQuery } from '../port.ts'
import { asShopUrl } from '../shop-url.ts'
import { parseOfferPage } from './mapping.ts'

const MAX_YEARS = 60

/** @param body of `shop/items`, which does not say whether there is another page. @throws AppError `upstream_changed`. */
export function parseShopOffers(body: unknown, { page, pageSize }: PageQuery): OfferPage {
  const { offers, totalFound, hasMore } = parseOfferPage(body)
  const isMore = offers.length > 0 && totalFound !== null ? page * pageSize < totalFound : null
  return { offers, totalFound, hasMore: offers.length === 0 ? false : (hasMore ?? isMore) }
}

/** @param body of `shop/shop_info`. @throws AppError `upstream_changed`. */
export function parseShopProfile(body: unknown, shopId: string): ShopProfile {
  const data = needObject(needObject(body, 'the body').data, 'data')
  return {
    shopId,
    companyName: asField(data.company_name),
    shopName: asField(data.shop_name),
    sellerKind: asFlag(data.is_factory) === true || asFlag(data.is_super_factory) === true ? 'factory' : null,
    badges: badgesOf(data),
    yearsOn1688: asInteger(data.tp_year, 1, MAX_YEARS),
    serviceScores: scoresOf(data.shop_ratings),
    ...parsePlace(asField(data.location_str)),
    shopUrl: asShopUrl(data.shop_url),
  }
}

function badgesOf(data: JsonObject): SellerBadge[] {
  return [
    ...(asFlag(data.is_super_factory) === true ? ['super_factory' as const] : []),
    ...(asFlag(data.is_tp) === true ? ['trustpass' as const] : []),
  ]
}

const SCORE_TYPES: ReadonlyMap<string, keyof ServiceScores> = new Map([
  ['comprehensive', 'composite'],
  ['goods_quality_experience', 'goods'],
  ['logistics', 'logistics'],
  ['dispute_resolution', 'dispute'],
  ['return_exchange_experience', 'afterSales'],
  ['purchase_consultation', 'consultation'],
])

/** Zero stands for a score that was never given. */
function scoresOf(ratings: unknown): ServiceScores | null {
  const scores: ServiceScores = {
    composite: null,
    goods: null,
    logistics: null,
    dispute: null,
    afterSales: null,
    consultation: null,
  }
  for (const rating of asList(ratings).map(asObject)) {
    const name = SCORE_TYPES.get(asField(rating?.type) ?? '')
    if (name !== undefined) scores[name] = asPositive(rating?.score, 5)
  }
  return Object.values(scores).some(score => score !== null) ? scores : null
}
