/** What search rows and details of the 1688 Open Platform say about an offer's sales and its seller. */
import { parseRate } from '../../../offers/count.ts'
import {
  type Evidence,
  NO_EVIDENCE,
  type SellerBadge,
  type ServiceScores,
  type Sold,
} from '../../../offers/evidence/evidence.ts'
import { asField, asInteger, asList, asObject, asPositive, type JsonObject } from '../../json-readers.ts'

/** By the names of the API and of the site. */
const BADGES: readonly (readonly [SellerBadge, RegExp])[] = [
  ['super_factory', /super_factory|超级工厂/],
  ['verified_merchant', /powerful_merchants|实力商家/],
  ['trustpass', /tp_member|诚信通/],
]

/** 1688 began in 1999. */
const MAX_YEARS = 60

const MAX_SCORE = 5

/** @param sold read by the caller: rows count a month, details all time. */
export function readEvidence(data: JsonObject, sold: Sold | null): Evidence {
  const seller = asObject(data.sellerDataInfo)
  const shipping = asObject(data.productSimpleShippingInfo)
  const offer = asObject(data.offerDataInfo)
  const identities = identitiesOf(data)
  return {
    sold,
    repurchaseRate:
      parseRate(data.repurchaseRate) ?? parseRate(offer?.repurchaseRate30d) ?? parseRate(seller?.repeatPurchasePercent),
    yearsOn1688: asInteger(seller?.tpYear, 0, MAX_YEARS) ?? asInteger(data.tpYear, 0, MAX_YEARS),
    sellerKind: /factory|工厂/i.test(identities) ? 'factory' : null,
    badges: BADGES.filter(([, pattern]) => pattern.test(identities)).map(([badge]) => badge),
    serviceScores: scoresOf(seller),
    qualityReturnRate: parseRate(shipping?.qualityReturnRate30d) ?? parseRate(offer?.qualityRfdRate30d),
    dispatchWithin24hRate: parseRate(shipping?.pickupWithin24hRate30d) ?? parseRate(offer?.pickupRate24h30d),
    isAd: null,
    shopId: asField(data.sellerOpenId),
  }
}

/** The field of a row; absent where nothing is known. */
export function knownEvidence(evidence: Evidence): { evidence?: Evidence } {
  return JSON.stringify(evidence) === NOTHING_KNOWN ? {} : { evidence }
}

const NOTHING_KNOWN = JSON.stringify(NO_EVIDENCE)

/** Identities arrive as a list or joined into one string. */
function identitiesOf({ sellerIdentities, offerIdentities }: JsonObject): string {
  return [sellerIdentities, offerIdentities]
    .flatMap(value => (typeof value === 'string' ? [value] : asList(value)))
    .map(asField)
    .join(' ')
}

function scoresOf(seller: JsonObject | null): ServiceScores | null {
  const score = (value: unknown) => asPositive(value, MAX_SCORE)
  const scores = {
    composite: score(seller?.compositeServiceScore),
    goods: score(seller?.offerExperienceScore),
    logistics: score(seller?.logisticsExperienceScore),
    dispute: score(seller?.disputeComplaintScore),
    afterSales: score(seller?.afterSalesExperienceScore),
    consultation: score(seller?.consultingExperienceScore),
  }
  return Object.values(scores).some(value => value !== null) ? scores : null
}
