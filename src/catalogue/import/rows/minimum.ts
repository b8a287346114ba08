/** A row's minimum order, in what its price is for. A count of other units is converted or unknown, never taken as it is. */
import { quoted } from '../../../offers/text.ts'
import type { DecimalMark } from '../values/habit.ts'
import { type MoqReading, readMoqCell } from '../values/moq-cell.ts'
import { isPack, unitOfText, unitsIn } from '../values/pack-cell.ts'
import type { Unit } from '../values/unit-words.ts'
import { asText, type Cells, problemIn, shownText } from './cell-text.ts'

export interface MinimumContext {
  mark: DecimalMark
  /** What the minimum counts, of its column's name: `MOQ (ctn)`. */
  minimumUnit: Unit | null
}

export interface Minimum {
  moq: number | null
  /** The word for what it counts, if neither price nor column has one. */
  word: string | null
  /** A sentence on why it is unknown although the row says something. */
  problem: string | null
}

/** What the price is for, and whether the row's column of units says so: a bare number then counts these units. */
export interface PricedUnit {
  unit: Unit | null
  isOfRow: boolean
}

export function minimumOf(cells: Cells, { mark, minimumUnit }: MinimumContext, priced: PricedUnit): Minimum {
  const cell = cells.get('moq')
  const shown = shownText(cell)
  const unknown = (problem: string | null): Minimum => ({ moq: null, word: null, problem })
  const nothing = problemIn(cell)
  if (nothing !== undefined) return unknown(`Minimum order unknown: it could not be read: ${nothing}.`)
  if (shown.isPercent) return unknown(`Minimum order unknown: it is a percentage: ${quoted(shown.text)}.`)
  const read = readMoqCell(shown.text, shown.isNumber ? '.' : mark)
  if (read.problem !== null) return unknown(`Minimum order unknown: it ${read.problem}.`)
  if (read.moq === null) return unknown(null)
  const named = asText(cells.get('moq_unit')?.value)
  const ofRow = unitOfText(named)
  if (named !== '' && ofRow === null) return unknown(`Minimum order unknown: its unit is not known: ${quoted(named)}.`)
  const counted = countedIn(read, ofRow ?? minimumUnit)
  const inUnits = unitsOf(read.moq, counted, priced, unitsIn(asText(cells.get('units_per')?.value)))
  if (typeof inUnits === 'string') return unknown(`Minimum order unknown: ${quoted(shown.text)} ${inUnits}.`)
  const isOwnWord = priced.unit === null && typeof counted === 'object' && counted !== null && !isPack(counted)
  return { moq: inUnits, word: isOwnWord ? counted.word : null, problem: null }
}

/** `null` if nothing says. */
function countedIn({ unit, isPieces }: MoqReading, ofColumn: Unit | null): Unit | 'pieces' | null {
  if (isPieces) return 'pieces'
  const counted = unit ?? ofColumn
  return counted?.kind === 'piece' ? 'pieces' : counted
}

/** @returns the quantity in what the price is for, or why it is not known. */
function unitsOf(
  moq: number,
  counted: Unit | 'pieces' | null,
  { unit: priced, isOfRow }: PricedUnit,
  unitsPer: number | null,
): number | string {
  const packOfPrice = priced !== null && isPack(priced) ? priced : null
  const pieces = piecesOf(moq, counted, packOfPrice, unitsPer)
  if (packOfPrice?.size != null) {
    if (counted === null) return isOfRow || moq === 1 ? moq * packOfPrice.size : `may be pieces or ${packOfPrice.kind}s`
    return pieces ?? `counts ${wordFor(counted)} of unknown size`
  }
  if (packOfPrice !== null) {
    const isSame = counted === null ? isOfRow || moq === 1 : counted !== 'pieces' && counted.kind === packOfPrice.kind
    return isSame ? moq : `may not count ${packOfPrice.kind}s, which the price is for`
  }
  if (counted === null) return moq
  if (priced === null || priced.kind === 'piece') {
    if (pieces !== null) return pieces
    const isThing = counted !== 'pieces' && !isPack(counted) && counted.kind !== 'measure'
    return priced === null && isThing ? moq : `counts ${wordFor(counted)}, the price is for a piece`
  }
  const isSame = counted !== 'pieces' && counted.kind === priced.kind && sameWord(counted, priced)
  return isSame ? moq : `counts ${wordFor(counted)}, the price is for ${quoted(priced.word)}`
}

/** `null` if it is not known how many pieces are in one. */
function piecesOf(
  moq: number,
  counted: Unit | 'pieces' | null,
  packOfPrice: Unit | null,
  unitsPer: number | null,
): number | null {
  if (counted === 'pieces') return moq
  if (counted === null || counted.kind === 'measure') return null
  if (counted.size !== null) return moq * counted.size
  if (packOfPrice?.kind === counted.kind && packOfPrice.size !== null) return moq * packOfPrice.size
  return counted.kind === 'carton' && unitsPer !== null ? moq * unitsPer : null
}

/** Kilograms are not grams; words for a set or a box are alike. */
function sameWord(a: Unit, b: Unit): boolean {
  return a.kind !== 'measure' || a.word.toLowerCase() === b.word.toLowerCase()
}

function wordFor(counted: Unit | 'pieces'): string {
  return counted === 'pieces' ? 'pieces' : quoted(counted.word)
}
