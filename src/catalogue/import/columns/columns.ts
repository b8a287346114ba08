/** Which column is which field of an offer. */
import { codeOf, currenciesIn, currencyNamed } from '../values/currency.ts'
import { isPack, unitOfColumn } from '../values/pack-cell.ts'
import { fieldOf, separated, stepOf } from './field-of.ts'
import { type ColumnMapping, fieldsByMapping } from './mapping.ts'
import { asName, type ImportField } from './names.ts'

export interface ColumnUse {
  column: string
  /** `null` if the name is unknown or another column has the same field. */
  field: ImportField | null
  /** Of a price column whose name says that it is not in CNY. */
  currency?: string
  /** Of one of several price columns, each for an order of so many. */
  from?: number
}

/**
 * Maps columns by name, ignoring case, spaces, punctuation and anything in brackets (`价格（元）`). Of two price columns,
 * the one for a piece counts, the one in CNY, and the one of the latest year; of two of pictures the one with
 * addresses, since pictures that lie in the other are found in any column.
 */
export function mapColumns(columns: readonly string[], mapping: ColumnMapping = new Map()): ColumnUse[] {
  const named = new Set(mapping.values())
  const { fields: givenFields } = fieldsByMapping(columns, mapping)
  const guesses = columns.map(fieldOf)
  const hasPrice = guesses.some((field, index) => field === 'price' && !isPriceUnit(columns[index]))
  const wishes = columns.map((column, index) => {
    const given = givenFields.get(index)
    const field = given ?? (hasPrice && isPriceUnit(column) ? 'unit' : guesses[index])
    const currency = field === 'price' ? otherCurrency(column) : null
    const isTaken = given === undefined && field !== undefined && named.has(field)
    return { column, field: isTaken ? undefined : field, currency }
  })
  const hasPiece = wishes.some(({ field, column }) => field === 'price' && !isForPack(column))
  const hasCny = wishes.some(({ field, currency }) => field === 'price' && currency === null)
  const lastYear = Math.max(...wishes.map(({ field, column }) => (field === 'price' ? yearIn(column) : 0)))
  const hasAddresses = wishes.some(({ field, column }) => field === 'image' && namesAddresses(column))
  const taken = new Set<ImportField>()
  const uses = wishes.map(({ column, field, currency }, index): ColumnUse => {
    const isSecond =
      (field === 'price' && hasPiece && isForPack(column)) ||
      (currency !== null && hasCny) ||
      (field === 'price' && yearIn(column) < lastYear) ||
      (field === 'image' && hasAddresses && !namesAddresses(column) && !givenFields.has(index))
    const from = field === 'price' && !named.has('price') ? stepOf(column) : null
    if (field === undefined || isSecond || (from === null && taken.has(field))) return { column, field: null }
    if (from === null) taken.add(field)
    return { column, field, ...(currency !== null && { currency }), ...(from !== null && { from }) }
  })
  const stepped = withSteps(uses)
  if (taken.has('title')) return stepped
  const titles = stepped.filter(({ column, field }) => (field === null || field === 'sku') && mayBeTitle(column))
  const spare = titles.find(({ field }) => field === null) ?? titles[0]
  return stepped.map(use => (use === spare ? { column: use.column, field: 'title' } : use))
}

/** Beside a price; alone it may be a unit price. */
function isPriceUnit(column = ''): boolean {
  return /^\s*price[ _]unit\s*$/i.test(column)
}

function isForPack(column: string): boolean {
  const unit = unitOfColumn(column)
  return unit !== null && isPack(unit)
}

/** A single step is simply the price, if no other column has it; steps in several currencies are those of the first. */
function withSteps(uses: readonly ColumnUse[]): ColumnUse[] {
  const steps = uses.filter(({ from }) => from !== undefined)
  const [first] = steps
  const same = steps.filter(({ currency }) => currency === first?.currency)
  const isLadder = new Set(same.map(({ from }) => from)).size > 1
  const hasPrice = uses.some(({ field, from }) => field === 'price' && from === undefined)
  return uses.map(use => {
    if (use.from === undefined || (isLadder && same.includes(use))) return use
    const { from: _, ...rest } = use
    return use === first && !isLadder && !hasPrice ? rest : { column: use.column, field: null }
  })
}

/** Titles of a sheet that has no better column for them. */
function mayBeTitle(column: string): boolean {
  return /^(?:items?|descriptions?|details|specifications?|描述|规格|描述规格|beschreibung|descripción|descripcion|descrizione|descrição|описание|açıklama|opis|môtả|omschrijving)$/.test(
    asName(column),
  )
}

/** 0 without any. */
function yearIn(column: string): number {
  return Number(/(?<!\d)20\d\d(?!\d)/.exec(column)?.[0] ?? 0)
}

/** `null` for CNY, or if the name says nothing. */
function otherCurrency(column: string): string | null {
  const code = codeOf(currencyNamed(currenciesIn(separated(column)).named, null))
  return code === 'CNY' ? null : code
}

function namesAddresses(column: string): boolean {
  return /url|link|链接|地址|連結|鏈接|网址/i.test(column)
}
