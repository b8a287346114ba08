/** What the rows of a sheet say together: how it writes numbers, and what notes below the table say. */
import type { TableRow } from '../../../sheets/read/table.ts'
import { currenciesIn } from '../values/currency.ts'
import { type DecimalMark, decimalMarkOf } from '../values/habit.ts'
import type { ColumnUse } from './columns.ts'

/** Rows that tell how the sheet writes numbers. */
const SURVEYED_ROWS = 1_000
const MAX_NOTES = 50
/** A cell that is little more than a number. */
const NUMERIC = /^[^\d]{0,6}\d[\d.,' ]*[^\d]{0,8}$/

export interface Survey {
  mark: DecimalMark
  /** Where all that a column has names currencies, and the name of none says that it does; -1 without. */
  currencyColumn: number
  /** Texts of rows that are not offers. */
  notes: readonly string[]
}

export async function survey(rows: AsyncIterable<TableRow>, columns: readonly ColumnUse[]): Promise<Survey> {
  const amounts: string[] = []
  const others: string[] = []
  const notes: string[] = []
  const areCurrencies = new Map<number, boolean>()
  let seen = 0
  for await (const row of rows) {
    const texts = 'cells' in row ? row.cells.map(({ value }) => (typeof value === 'string' ? value : '')) : []
    for (const [index, text] of texts.entries()) {
      const field = columns[index]?.field
      if (field === 'price' || field === 'moq') amounts.push(text)
      else if (NUMERIC.test(text)) others.push(text)
      if (field === null && text !== '')
        areCurrencies.set(index, (areCurrencies.get(index) ?? true) && isCurrency(text))
    }
    if (isNote(row) && notes.length < MAX_NOTES) notes.push(...texts.filter(text => text !== ''))
    seen += 1
    if (seen === SURVEYED_ROWS) break
  }
  const [currencyColumn = -1] = [...areCurrencies].find(([, areAll]) => areAll) ?? []
  return {
    mark: decimalMarkOf(amounts) ?? decimalMarkOf(others),
    currencyColumn: columns.some(({ field }) => field === 'currency') ? -1 : currencyColumn,
    notes,
  }
}

/** `USD`, `US$`, `美元`, and nothing else. */
function isCurrency(text: string): boolean {
  const { named, rest } = currenciesIn(text)
  return named.size === 1 && rest.trim() === ''
}

/** An offer has a picture beside its title, and mostly more. */
function isNote(row: TableRow): boolean {
  if (!('cells' in row)) return false
  const filled = row.cells.filter(({ value }) => value !== null && value !== '')
  return filled.length <= 2 && row.cells.every(({ pictures, link }) => pictures === undefined && link === undefined)
}
