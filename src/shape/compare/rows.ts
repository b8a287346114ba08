/** A comparison as the rows of a spreadsheet, one figure per cell. */
import type { ComparedOffer } from '../../offers/comparison.ts'
import { evidenceOf } from '../../offers/evidence/evidence.ts'
import { formatFen, formatPerUnit } from '../../offers/price/decimal.ts'
import { formatAmount } from '../../offers/price/money.ts'
import type { CompareResult } from '../../offers/results/comparison-result.ts'
import type { CostPartName, LandedCost, LandedCostResult } from '../../offers/results/landed-cost-result.ts'
import { type Words, wordsOf } from '../report/words.ts'
import { linkOf, pictureLinkOf } from '../text/links.ts'

export const SHEET_COLUMNS = [
  'rank',
  'offer_id',
  'title',
  'unit_price_low_cny',
  'unit_price_high_cny',
  'price_basis',
  'order_quantity',
  'unit',
  'order_total_low_cny',
  'order_total_high_cny',
  'moq',
  'lot_size',
  'fits',
  'shop_name',
  'province',
  'city',
  'sold',
  'repurchase_rate',
  'years_on_1688',
  'seller_kind',
  'seller_badges',
  'quoted',
  'source',
  'url',
  'image_url',
] as const

/** Added where landed costs were estimated. */
export const LANDED_COLUMNS = [
  'domestic_freight_cny',
  'international_freight_cny',
  'duty_high_cny',
  'vat_high_cny',
  'fees_cny',
  'landed_total_low_cny',
  'landed_total_high_cny',
  'landed_unit_high_cny',
  'landed_cost_lacks',
] as const

const COLUMNS = [...SHEET_COLUMNS, ...LANDED_COLUMNS] as const

/** Money is decimal text; `null` is unknown. */
export type OfferRow = Record<(typeof COLUMNS)[number], string | number | null>

/** Offers, best first, then those that could not be compared. */
export function compareRows(
  result: CompareResult,
  landed: LandedCostResult | null,
  words: Words = wordsOf('en'),
): OfferRow[] {
  const costs = new Map(landed?.offers.map(({ details, cost }) => [details.offerId, cost]))
  const failed = result.failures.map(({ reference, error }) => ({
    ...EMPTY_ROW,
    offer_id: reference,
    fits: words.status.notCompared(words.failure(error)),
  }))
  const rows = result.offers.map((offer, index) => ({
    ...rowOf(offer, index + 1, result, words),
    ...landedOf(costs.get(offer.details.offerId), words),
  }))
  return [...rows, ...failed]
}

type LandedCells = Pick<OfferRow, (typeof LANDED_COLUMNS)[number]>

const NO_LANDED_COST: LandedCells = {
  domestic_freight_cny: null,
  international_freight_cny: null,
  duty_high_cny: null,
  vat_high_cny: null,
  fees_cny: null,
  landed_total_low_cny: null,
  landed_total_high_cny: null,
  landed_unit_high_cny: null,
  landed_cost_lacks: null,
}

/** There is no total of what is not known. */
function landedOf(cost: LandedCost | undefined, words: Words): LandedCells {
  if (cost === undefined) return NO_LANDED_COST
  const { parts, total, without, quantity } = cost
  const highOf = (name: CostPartName): string | null => {
    const amount = parts.find(part => part.name === name)?.amount
    return amount ? formatFen(amount.high) : null
  }
  return {
    domestic_freight_cny: highOf('domestic freight'),
    international_freight_cny: highOf('international freight'),
    duty_high_cny: highOf('duty'),
    vat_high_cny: highOf('VAT'),
    fees_cny: highOf('fees'),
    landed_total_low_cny: total && formatFen(total.low),
    landed_total_high_cny: total && formatFen(total.high),
    landed_unit_high_cny: total && formatPerUnit({ low: total.high, high: total.high }, quantity),
    landed_cost_lacks: words.costParts(without) || null,
  }
}

const EMPTY_ROW: OfferRow = {
  ...NO_LANDED_COST,
  rank: null,
  offer_id: null,
  title: null,
  unit_price_low_cny: null,
  unit_price_high_cny: null,
  price_basis: null,
  order_quantity: null,
  unit: null,
  order_total_low_cny: null,
  order_total_high_cny: null,
  moq: null,
  lot_size: null,
  fits: null,
  shop_name: null,
  province: null,
  city: null,
  sold: null,
  repurchase_rate: null,
  years_on_1688: null,
  seller_kind: null,
  seller_badges: null,
  quoted: null,
  source: null,
  url: null,
  image_url: null,
}

function rowOf(
  { details, quote, misses }: ComparedOffer,
  rank: number,
  result: CompareResult,
  words: Words,
): Omit<OfferRow, keyof LandedCells> {
  const source = result.sources.get(details.offerId) ?? result.source.upstream
  const { unitPrice, total } = quote
  const evidence = evidenceOf(details)
  return {
    rank,
    offer_id: details.offerId,
    title: details.title,
    unit_price_low_cny: unitPrice && formatAmount(unitPrice.low),
    unit_price_high_cny: unitPrice && formatAmount(unitPrice.high),
    price_basis: quote.basis,
    order_quantity: quote.orderQuantity,
    unit: details.unit,
    order_total_low_cny: total && formatAmount(total.low),
    order_total_high_cny: total && formatAmount(total.high),
    moq: details.moq,
    lot_size: details.lotSize,
    fits: misses.length === 0 ? 'yes' : words.misses(misses),
    shop_name: details.shopName,
    province: details.province,
    city: details.city,
    sold: evidence.sold?.text ?? null,
    repurchase_rate: evidence.repurchaseRate,
    years_on_1688: evidence.yearsOn1688,
    seller_kind: evidence.sellerKind,
    seller_badges: words.badges(evidence.badges) || null,
    quoted: details.quoted ? `${details.quoted.text} ${details.quoted.currency}` : null,
    source,
    url: linkOf(details.offerId, source),
    image_url: pictureLinkOf(details.imageUrl),
  }
}
