/** A comparison as the rows of a spreadsheet. */
import type { ComparedOffer } from '../../offers/comparison.ts'
import { formatFen, formatPerUnit } from '../../offers/price/decimal.ts'
import type { CompareResult } from '../../offers/results/comparison-result.ts'
import type { CostPartName, LandedCost, LandedCostResult } from '../../offers/results/landed-cost-result.ts'
import { type Words, wordsOf } from '../report/words.ts'
import { offerCells, quoteCells, type SheetRow } from '../sheet/offer-cells.ts'

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

export type OfferRow = SheetRow<(typeof COLUMNS)[number]>

/** Offers, best first, then those that could not be compared. */
export function compareRows(
  result: CompareResult,
  landed: LandedCostResult | null,
  words: Words = wordsOf('en'),
): Partial<OfferRow>[] {
  const costs = new Map(landed?.offers.map(({ details, cost }) => [details.offerId, cost]))
  const failed = result.failures.map(({ reference, error }) => ({
    offer_id: reference,
    fits: words.status.notCompared(words.failure(error)),
  }))
  const rows = result.offers.map((offer, index) => {
    const cost = costs.get(offer.details.offerId)
    return { ...rowOf(offer, index + 1, result, words), ...(cost && landedOf(cost, words)) }
  })
  return [...rows, ...failed]
}

type LandedCells = Pick<OfferRow, (typeof LANDED_COLUMNS)[number]>

/** There is no total of what is not known. */
function landedOf(cost: LandedCost, words: Words): LandedCells {
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

function rowOf(
  { details, quote, misses }: ComparedOffer,
  rank: number,
  result: CompareResult,
  words: Words,
): Omit<OfferRow, keyof LandedCells> {
  return {
    ...offerCells(details, result.sources.get(details.offerId) ?? result.source.upstream, words),
    ...quoteCells(quote),
    rank,
    lot_size: details.lotSize,
    fits: misses.length === 0 ? 'yes' : words.misses(misses),
  }
}
