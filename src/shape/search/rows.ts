/** A search as the rows of a spreadsheet, one figure per cell. */
import { evidenceOf } from '../../offers/evidence/evidence.ts'
import { formatAmount, rangeOf } from '../../offers/price/money.ts'
import type { RankedOffer, SearchResult } from '../../offers/results/results.ts'
import type { Words } from '../report/words.ts'
import { linkOf, pictureLinkOf } from '../text/links.ts'

export const SEARCH_COLUMNS = [
  'rank',
  'offer_id',
  'title',
  'likeness',
  'similarity',
  'unit_price_low_cny',
  'unit_price_high_cny',
  'quoted',
  'moq',
  'unit',
  'shop_name',
  'province',
  'city',
  'sold',
  'repurchase_rate',
  'years_on_1688',
  'seller_kind',
  'seller_badges',
  'source',
  'url',
  'image_url',
] as const

/** Money is decimal text; `null` is unknown. */
export type SearchRow = Record<(typeof SEARCH_COLUMNS)[number], string | number | null>

export function searchRows({ products, page, pageSize }: SearchResult, words: Words): SearchRow[] {
  return products.map((product, index) => rowOf(product, (page - 1) * pageSize + index + 1, words))
}

function rowOf({ offer, source, similarity, likeness }: RankedOffer, rank: number, words: Words): SearchRow {
  const price = offer.price && rangeOf(offer.price)
  const evidence = evidenceOf(offer)
  return {
    rank,
    offer_id: offer.offerId,
    title: offer.title,
    likeness,
    similarity: similarity === null ? null : Math.round(similarity * 1000) / 1000,
    unit_price_low_cny: price && formatAmount(price.low),
    unit_price_high_cny: price && formatAmount(price.high),
    quoted: offer.quoted ? `${offer.quoted.text} ${offer.quoted.currency}` : null,
    moq: offer.moq,
    unit: offer.unit,
    shop_name: offer.shopName,
    province: offer.province,
    city: offer.city,
    sold: evidence.sold?.text ?? null,
    repurchase_rate: evidence.repurchaseRate,
    years_on_1688: evidence.yearsOn1688,
    seller_kind: evidence.sellerKind,
    seller_badges: words.badges(evidence.badges) || null,
    source,
    url: linkOf(offer.offerId, source),
    image_url: pictureLinkOf(offer.imageUrl),
  }
}
