/** A comparison as the rows of a spreadsheet, one figure per cell. */
import type { ComparedOffer } from '../../offers/comparison.ts'
import { evidenceOf } from '../../offers/evidence/evidence.ts'
import { formatAmount } from '../../offers/price/money.ts'
import type { CompareResult } from '../../offers/results/comparison-result.ts'
import { linkOf, pictureLinkOf } from '../text/links.ts'
import { missText } from './text.ts'

export const COMPARE_COLUMNS = [
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
  'url',
  'image_url',
] as const

/** Money is decimal text; `null` is unknown. */
export type CompareRow = Record<(typeof COMPARE_COLUMNS)[number], string | number | null>

/** Columns that a spreadsheet should hold as numbers. */
export const MONEY_COLUMNS: ReadonlySet<string> = new Set(COMPARE_COLUMNS.filter(column => column.endsWith('_cny')))

/** Offers, best first, then those that could not be compared. */
export function compareRows(result: CompareResult): CompareRow[] {
  const failed = result.failures.map(({ reference, error }) => ({
    ...EMPTY_ROW,
    offer_id: reference,
    fits: `not compared: ${error.message}`,
  }))
  return [...result.offers.map((offer, index) => rowOf(offer, index + 1, result)), ...failed]
}

const EMPTY_ROW: CompareRow = {
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
  url: null,
  image_url: null,
}

function rowOf({ details, quote, misses }: ComparedOffer, rank: number, result: CompareResult): CompareRow {
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
    fits: misses.length === 0 ? 'yes' : misses.map(missText).join(', '),
    shop_name: details.shopName,
    province: details.province,
    city: details.city,
    sold: evidence.sold?.text ?? null,
    repurchase_rate: evidence.repurchaseRate,
    years_on_1688: evidence.yearsOn1688,
    seller_kind: evidence.sellerKind,
    seller_badges: evidence.badges.join(', ') || null,
    url: linkOf(details.offerId, source),
    image_url: pictureLinkOf(details.imageUrl),
  }
}
