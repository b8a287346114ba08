/** A search as the rows of a spreadsheet. */
import { rangeOf } from '../../offers/price/money.ts'
import type { RankedOffer, SearchResult } from '../../offers/results/results.ts'
import type { Words } from '../report/words.ts'
import { offerCells, type SheetRow, unitPriceCells } from '../sheet/offer-cells.ts'

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

export type SearchRow = SheetRow<(typeof SEARCH_COLUMNS)[number]>

export function searchRows({ products, page, pageSize }: SearchResult, words: Words): SearchRow[] {
  return products.map((product, index) => rowOf(product, (page - 1) * pageSize + index + 1, words))
}

function rowOf({ offer, source, similarity, likeness }: RankedOffer, rank: number, words: Words): SearchRow {
  return {
    ...offerCells(offer, source, words),
    ...unitPriceCells(offer.price && rangeOf(offer.price)),
    rank,
    likeness,
    similarity: similarity === null ? null : Math.round(similarity * 1000) / 1000,
  }
}
