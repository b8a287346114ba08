/** Shortlists of several products as the rows of a spreadsheet, one figure per cell. */
import { evidenceOf } from '../../offers/evidence/evidence.ts'
import { formatAmount } from '../../offers/price/money.ts'
import type { PricedOffer, SourcedProduct, SourceManyResult } from '../../offers/results/source-many-result.ts'
import type { Words } from '../report/words.ts'
import { linkOf, pictureLinkOf } from '../text/links.ts'
import { shortlist } from './source-many.ts'

export const SOURCE_COLUMNS = [
  'product',
  'query',
  'quantity',
  'status',
  'rank',
  'offer_id',
  'title',
  'likeness',
  'unit_price_low_cny',
  'unit_price_high_cny',
  'price_basis',
  'order_quantity',
  'order_total_low_cny',
  'order_total_high_cny',
  'moq',
  'shop_name',
  'province',
  'city',
  'years_on_1688',
  'seller_kind',
  'sold',
  'repurchase_rate',
  'shop_has_products',
  'url',
  'image_url',
] as const

/** Money is decimal text; `null` is unknown. */
export type SourceRow = Record<(typeof SOURCE_COLUMNS)[number], string | number | null>

/** The shortlist of each product; one row for a product without offers. */
export function sourceRows({ products, suppliers }: SourceManyResult, offersEach: number, words: Words): SourceRow[] {
  const covers = new Map<string, string>()
  for (const supplier of suppliers) {
    const numbers = supplier.covers.map(({ product }) => product + 1).join(', ')
    for (const { offer } of supplier.covers) covers.set(offer.offer.offerId, numbers)
  }
  return products.flatMap((product, index) => {
    const about = {
      product: index + 1,
      query: product.query,
      quantity: product.quantity,
      status: statusOf(product, words),
    }
    const offers = shortlist(product.offers).slice(0, offersEach)
    if (offers.length === 0) return [{ ...EMPTY_ROW, ...about }]
    return offers.map((offer, rank) => ({
      ...EMPTY_ROW,
      ...about,
      ...cellsOf(offer, rank + 1),
      shop_has_products: covers.get(offer.offer.offerId) ?? null,
    }))
  })
}

const EMPTY_ROW: SourceRow = {
  product: null,
  query: null,
  quantity: null,
  status: null,
  rank: null,
  offer_id: null,
  title: null,
  likeness: null,
  unit_price_low_cny: null,
  unit_price_high_cny: null,
  price_basis: null,
  order_quantity: null,
  order_total_low_cny: null,
  order_total_high_cny: null,
  moq: null,
  shop_name: null,
  province: null,
  city: null,
  years_on_1688: null,
  seller_kind: null,
  sold: null,
  repurchase_rate: null,
  shop_has_products: null,
  url: null,
  image_url: null,
}

function statusOf({ failed, left }: SourcedProduct, { status, failure }: Words): string {
  if (failed) return status.failed(failure(failed))
  return left ? status.left(failure(left)) : status.found
}

function cellsOf({ offer, source, likeness, quote }: PricedOffer, rank: number) {
  const { unitPrice, total, basis, orderQuantity } = quote
  const evidence = evidenceOf(offer)
  return {
    rank,
    offer_id: offer.offerId,
    title: offer.title,
    likeness,
    unit_price_low_cny: unitPrice && formatAmount(unitPrice.low),
    unit_price_high_cny: unitPrice && formatAmount(unitPrice.high),
    price_basis: basis,
    order_quantity: orderQuantity,
    order_total_low_cny: total && formatAmount(total.low),
    order_total_high_cny: total && formatAmount(total.high),
    moq: offer.moq,
    shop_name: offer.shopName,
    province: offer.province,
    city: offer.city,
    years_on_1688: evidence.yearsOn1688,
    seller_kind: evidence.sellerKind,
    sold: evidence.sold?.text ?? null,
    repurchase_rate: evidence.repurchaseRate,
    url: linkOf(offer.offerId, source),
    image_url: pictureLinkOf(offer.imageUrl),
  }
}
