/** Shortlists of several products as the rows of a spreadsheet. */
import type { SourcedProduct, SourceManyResult } from '../../offers/results/source-many-result.ts'
import type { Words } from '../report/words.ts'
import { offerCells, quoteCells, type SheetRow } from '../sheet/offer-cells.ts'
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

type SourceRow = SheetRow<(typeof SOURCE_COLUMNS)[number]>

/** The shortlist of each product; one row for a product without offers. */
export function sourceRows(
  { products, suppliers }: SourceManyResult,
  offersEach: number,
  words: Words,
): Partial<SourceRow>[] {
  const covers = new Map<string, string>()
  for (const supplier of suppliers) {
    const numbers = supplier.covers.map(({ product }) => product + 1).join(', ')
    for (const { offer } of supplier.covers) covers.set(offer.offer.offerId, numbers)
  }
  return products.flatMap((product, index): Partial<SourceRow>[] => {
    const about = {
      product: index + 1,
      query: product.query,
      quantity: product.quantity,
      status: statusOf(product, words),
    }
    const offers = shortlist(product.offers).slice(0, offersEach)
    if (offers.length === 0) return [about]
    return offers.map(
      ({ offer, source, likeness, quote }, rank): SourceRow => ({
        ...offerCells(offer, source, words),
        ...quoteCells(quote),
        ...about,
        rank: rank + 1,
        likeness,
        shop_has_products: covers.get(offer.offerId) ?? null,
      }),
    )
  })
}

function statusOf({ failed, left }: SourcedProduct, { status, failure }: Words): string {
  if (failed) return status.failed(failure(failed))
  return left ? status.left(failure(left)) : status.found
}
