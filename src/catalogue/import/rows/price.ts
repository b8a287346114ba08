/** A row's price with its currency, as the cell, its format, the row, and the name of the column say. */
import type { OfferSummary } from '../../../offers/offer.ts'
import { formatMillionths, toCny, toMillionths } from '../../../offers/price/decimal.ts'
import { ladderOf, type PriceTier } from '../../../offers/price/ladder.ts'
import { type Price, spanPrices } from '../../../offers/price/price.ts'
import { quoted as inQuotes } from '../../../offers/text.ts'
import type { Cell } from '../../../sheets/read/table.ts'
import type { FindRate, UsedRate } from '../rates.ts'
import { codeOf, currenciesIn, currencyInColumn, type NamedCurrency } from '../values/currency.ts'
import type { DecimalMark } from '../values/habit.ts'
import { readPriceCell } from '../values/price-cell.ts'
import { isRising } from '../values/price-steps.ts'
import type { Unit } from '../values/unit-words.ts'
import { asText, type Cells, problemIn, shownText } from './cell-text.ts'

export interface PriceContext {
  mark: DecimalMark
  /** Of prices that name none; a problem is a phrase that follows "it". */
  currency: NamedCurrency
  /** The sign that may be of either of its currencies. */
  unsure: '¥' | null
  findRate: FindRate
}

/** A cell of one of several price columns. */
export interface StepCell {
  /** The quantity from which on it holds. */
  from: number
  cell: Cell
}

export type Pricing = Pick<OfferSummary, 'price' | 'priceTiers' | 'quoted'> & {
  /** That the price was converted by. */
  rate: UsedRate | null
}

export type ReadPrice = Pricing & {
  unit: Unit | null
  problem: string | null
  /** Whether its steps are left out, since they are not in CNY. */
  lacksSteps: boolean
}

/** The price of the price column, or of several that each hold from some quantity on. */
export async function readPrice(cells: Cells, steps: readonly StepCell[], context: PriceContext): Promise<ReadPrice> {
  const unit = asText(cells.get('unit')?.value)
  const ofUnit = currenciesIn(unit).named.size > 0 ? unit : ''
  const around = currencyAround(asText(cells.get('currency')?.value) || ofUnit, context)
  const read = steps
    .filter(({ cell }) => shownText(cell).text !== '' || problemIn(cell) !== undefined)
    .map(step => ({ from: step.from, ...readAmount(step.cell, around, context.mark) }))
  const [first, ...others] = read
  if (first === undefined) return inYuan(readAmount(cells.get('price'), around, context.mark), context.findRate)
  const problem = read.find(step => step.problem !== null)?.problem
  if (problem != null) return inYuan(failed(problem), context.findRate)
  const known = read.flatMap(({ from, price }) => (price === null ? [] : [{ minQuantity: from, price }]))
  if (others.some(({ code, unit }) => code !== first.code || unit?.kind !== first.unit?.kind)) {
    return inYuan(failed('has steps in several currencies or units'), context.findRate)
  }
  const tiers = ladderOf(known)
  if (isRising(tiers)) return inYuan(failed('has steps whose prices rise with the quantity'), context.findRate)
  return inYuan({ ...first, price: spanPrices(known.map(({ price }) => price)), tiers }, context.findRate)
}

/** As the cell has it, in its own currency. */
interface Amount {
  price: Price | null
  tiers: PriceTier[]
  code: string
  unit: Unit | null
  problem: string | null
}

function failed(problem: string | null, unit: Unit | null = null): Amount {
  return { price: null, tiers: [], code: 'CNY', unit, problem }
}

function readAmount(cell: Cell | undefined, around: Around, mark: DecimalMark): Amount {
  const nothing = problemIn(cell)
  if (nothing !== undefined) return failed(`could not be read: ${nothing}`)
  const shown = shownText(cell)
  if (shown.text === '') return failed(null)
  if (shown.isPercent) return failed(`is a percentage: ${inQuotes(shown.text)}`)
  const read = readPriceCell(shown.text, shown.isNumber ? '.' : mark, around.code ?? around.unsure)
  const { price, tiers, problem, currency: said, unit } = read
  if (problem !== null || price === null) return failed(problem, unit)
  const isSure = around.isOfRow || shown.around.trim() !== ''
  if (said !== null && around.code !== null && said !== around.code && isSure) {
    return failed(`is in ${said}, but its column says ${around.code}: ${inQuotes(shown.text)}`)
  }
  if (said === null && around.problem !== null) return failed(around.problem)
  return { price, tiers, code: said ?? around.code ?? 'CNY', unit, problem }
}

interface Around {
  code: string | null
  unsure: '¥' | null
  problem: string | null
  isOfRow: boolean
}

/** The row's column of currencies counts before the name of the price column. */
function currencyAround(ofRow: string, { currency: ofColumn, unsure }: PriceContext): Around {
  const column = codeOf(ofColumn)
  const row = currencyInColumn(ofRow, column ?? unsure)
  if (row !== null) {
    const problem = 'problem' in row ? `${row.problem}: ${inQuotes(ofRow)}` : null
    return { code: codeOf(row), unsure, problem, isOfRow: true }
  }
  const problem = ofColumn && 'problem' in ofColumn ? ofColumn.problem : null
  return { code: column, unsure, problem, isOfRow: false }
}

async function inYuan({ price, tiers, code, unit, problem }: Amount, findRate: FindRate): Promise<ReadPrice> {
  const steps = tiers.length > 0 ? { priceTiers: tiers } : {}
  const rest = { unit, problem, lacksSteps: false }
  if (code === 'CNY' || price === null) return { price, ...steps, quoted: null, rate: null, ...rest }
  const rate = await findRate(code)
  const quoted = { text: price.text, currency: code }
  if (rate === null) return { price: null, quoted, rate, ...rest, lacksSteps: tiers.length > 0 }
  const converted = tiers.map(tier => ({ ...tier, price: inCny(tier.price, rate.cny) }))
  return {
    price: inCny(price, rate.cny),
    ...(tiers.length > 0 ? { priceTiers: converted } : {}),
    quoted,
    rate,
    ...rest,
  }
}

function inCny(price: Price, rate: number): Price {
  return ofEnds([price.min, price.max].map(end => formatMillionths(toCny(toMillionths(end), toMillionths(rate)))))
}

export function ofEnds([min = '', max = min]: readonly string[]): Price {
  return { text: min === max ? min : `${min}-${max}`, min: Number(min), max: Number(max) }
}
