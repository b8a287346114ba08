/** What the rows of a sheet say together: how it writes numbers, and what notes below the table say. */
import type { TableRow } from '../../../sheets/read/table.ts'
import { shownText } from '../rows/cell-text.ts'
import { codeOf, currenciesIn, currencyNamed } from '../values/currency.ts'
import { type DecimalMark, decimalMarkOf } from '../values/habit.ts'
import type { ColumnUse } from './columns.ts'
import { createYenHints } from './yen-hints.ts'

/** Rows that tell how the sheet writes numbers. */
const SURVEYED_ROWS = 1_000
const MAX_NOTES = 50
const MAX_NOTE_CHARS = 1_000
/** A quarter. */
const MIN_SHARE = 4
/** A cell that is little more than a number. */
const NUMERIC = /^[^\d]{0,6}\d[\d.,' ]*[^\d]{0,8}$/

export interface Survey {
  mark: DecimalMark
  /** Where all that a column has names currencies, and the name of none says that it does; -1 without. */
  currencyColumn: number
  /** Other currencies than CNY that a good part of the prices name. */
  priceCurrencies: readonly string[]
  /** The sign that may be of either of its currencies. */
  unsure: '¥' | null
  /** Texts of rows that are not offers. */
  notes: readonly string[]
}

/** @param around the texts above the header and on other sheets. */
export async function survey(
  rows: AsyncIterable<TableRow>,
  columns: readonly ColumnUse[],
  around: readonly string[],
): Promise<Survey> {
  const amounts: string[] = []
  const others: string[] = []
  const notes: string[] = []
  const areCurrencies = new Map<number, boolean>()
  const prices = createPriceCount()
  const yen = createYenHints([...around, ...columns.map(({ column }) => column)])
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
    for (const [index, cell] of 'cells' in row ? row.cells.entries() : [])
      if (columns[index]?.field === 'price') prices.add(shownText(cell).text)
    yen.add(texts)
    if (isNote(row) && notes.length < MAX_NOTES)
      notes.push(...texts.flatMap(text => (text === '' ? [] : text.slice(0, MAX_NOTE_CHARS))))
    seen += 1
    if (seen === SURVEYED_ROWS) break
  }
  const unsure = yen.mayBeYen() ? '¥' : null
  const [currencyColumn = -1] = [...areCurrencies].find(([, areAll]) => areAll) ?? []
  return {
    mark: decimalMarkOf(amounts) ?? decimalMarkOf(others),
    currencyColumn: columns.some(({ field }) => field === 'currency') ? -1 : currencyColumn,
    priceCurrencies: prices.currencies(unsure),
    unsure,
    notes,
  }
}

/** Which currencies prices name. A few may be exceptions. */
function createPriceCount() {
  const named = new Map<string, number>()
  let all = 0
  return {
    add(text: string): void {
      if (!/\d/.test(text)) return
      all += 1
      const signs = currenciesIn(text).named
      const code = codeOf(currencyNamed(signs, null))
      const name = code === 'CNY' && signs.has('¥') ? '¥' : code
      if (name !== null && name !== 'CNY') named.set(name, (named.get(name) ?? 0) + 1)
    },
    currencies: (unsure: string | null) =>
      [...named]
        .filter(([name, count]) => count * MIN_SHARE >= all && (name !== '¥' || name === unsure))
        .map(([name]) => name),
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
