import { invalidInput } from '../../../errors.ts'
import { type Cell, EMPTY_CELL } from '../../../sheets/read/table.ts'
import type { ColumnUse } from '../columns/columns.ts'
import type { ImportField } from '../columns/names.ts'
import { shownAround } from '../values/number-format.ts'
import type { StepCell } from './price.ts'

export type Cells = ReadonlyMap<ImportField, Cell>

export function cellsByField(cells: readonly Cell[], columns: readonly ColumnUse[]): Cells {
  return new Map(
    columns.flatMap(({ field, from }, index) =>
      field === null || from !== undefined ? [] : [[field, cells[index] ?? EMPTY_CELL] as const],
    ),
  )
}

/**
 * A spreadsheet's number may carry the many digits of a formula, so it is rounded to four decimals, the most that a
 * price has. The apostrophe that keeps a spreadsheet from reading text as a formula (export.ts adds it) is removed.
 */
export function asText(cell: unknown): string {
  if (Array.isArray(cell)) return asText(cell[0])
  if (typeof cell === 'number') return String(Number(cell.toFixed(4)))
  if (typeof cell === 'boolean') return String(cell).toUpperCase()
  if (typeof cell !== 'string') return ''
  const text = cell.trim()
  // ="791912182230" is how people keep a spreadsheet from rounding a long number.
  return (/^="([^"]*)"$/.exec(text)?.[1] ?? text).trim().replace(/^'(?=[=+\-@＝＋－＠])/, '')
}

export interface ShownText {
  text: string
  /** What the number format writes around the number: units and currencies. */
  around: string
  /** Whether the sheet itself keeps a number, which can be read in one way only. */
  isNumber: boolean
  isPercent: boolean
}

/** As {@link asText}, with what the format of a number adds to it, for example `箱` or `/doz`. */
export function shownText(cell: Cell | undefined): ShownText {
  // Which keep a number text, as 'text' and ’text do.
  const text = asText(cell?.value).replace(/^['‘’`]+\s*(?=\S)|['’`]$/g, '')
  const isNumber = typeof cell?.value === 'number'
  if (!isNumber || cell.format === undefined) return { text, around: '', isNumber, isPercent: false }
  const { before, after, isPercent } = shownAround(cell.format)
  return { text: `${before}${text}${after}`, around: `${before} ${after}`, isNumber, isPercent }
}

/** Why the cell has no text although it is not empty. */
export function problemIn(cell: Cell | undefined): string | undefined {
  const { value } = cell ?? {}
  const isNested = typeof value === 'object' && value !== null && !(Array.isArray(value) && value.length < 2)
  return cell?.problem ?? (isNested ? 'it is a list or an object' : undefined)
}

export function failRow(message: string): never {
  throw invalidInput(message, 'Correct the row and import the file again.')
}

/** The columns that each hold the price from a quantity on. */
export function stepsIn(cells: readonly Cell[], columns: readonly ColumnUse[]): StepCell[] {
  return columns.flatMap(({ from }, index) => (from === undefined ? [] : [{ from, cell: cells[index] ?? EMPTY_CELL }]))
}
