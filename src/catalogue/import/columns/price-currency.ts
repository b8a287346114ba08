/** The currency of prices that name none themselves: by their column's name, by the sheet, or by the column's other cells. */
import { codeOf, countsOtherAmounts, currenciesIn, currencyNamed, type NamedCurrency } from '../values/currency.ts'

export interface PriceSurroundings {
  /** The name of the column. */
  column: string
  sheet: NamedCurrency
  /** The sign that may be of either of its currencies. */
  unsure: '¥' | null
  /** Currencies other than CNY that a good part of the column's cells name. */
  cells: readonly string[]
}

/** A problem is a phrase that follows "it". */
export function currencyOfPrices({ column, sheet, unsure, cells }: PriceSurroundings): NamedCurrency {
  if (countsOtherAmounts(column)) return { problem: 'is in a column whose name counts cents or thousands' }
  const named = currencyNamed(currenciesIn(column).named, codeOf(sheet) ?? unsure)
  if (named) return 'problem' in named ? { problem: `is in a column whose name ${named.problem}` } : named
  if (sheet) return 'problem' in sheet ? { problem: `is on a sheet that ${sheet.problem}` } : sheet
  return cells.length === 0
    ? null
    : { problem: `names no currency, though others of its column are in ${cells.join(' and ')}` }
}
