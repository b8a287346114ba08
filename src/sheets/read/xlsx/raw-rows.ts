/** The rows of a sheet as they are written, before formats, shared texts and merged cells are looked up. */
import { columnOf } from './cell-ref.ts'
import { createRuns, MAX_TEXT_CHARS } from './rich-text.ts'
import { type Attributes, unescapeText, type XmlHandler } from './xml.ts'

/** Further columns are not read: quote sheets have some twenty, and one far cell would make every row as wide. */
export const MAX_COLUMNS = 500

export interface RawCell {
  column: number
  /** `s` for a shared text, `n` for a number, and so on; `n` where it is not said. */
  type: string
  style: string | undefined
  /** Index of the rich value, such as a picture in the cell. */
  richValue: string | undefined
  text: string
  formula: string
}

export interface RawRow {
  row: number
  isHidden: boolean
  cells: RawCell[]
}

/** Emits the rows that have a cell with something in it. */
export function createRowReader(emit: (row: RawRow) => void): XmlHandler {
  let row: RawRow = { row: 0, isHidden: false, cells: [] }
  let cell: RawCell | null = null
  let column = 0
  let field: 'text' | 'formula' | null = null
  let isPhonetic = false
  const runs = createRuns()
  const openCell = (attributes: Attributes): void => {
    column = columnOf(attributes.r ?? '') ?? column + 1
    cell = {
      column,
      type: attributes.t ?? 'n',
      style: attributes.s,
      richValue: attributes.vm,
      text: '',
      formula: '',
    }
  }
  return {
    open: (name, attributes) => {
      runs.open(name, attributes)
      if (name === 'row') {
        const number = Number(attributes.r)
        row = {
          row: Number.isInteger(number) && number > row.row ? number : row.row + 1,
          isHidden: isTrue(attributes.hidden),
          cells: [],
        }
        column = 0
      } else if (name === 'c') openCell(attributes)
      else if (name === 'v' || (name === 't' && !isPhonetic)) field = 'text'
      else if (name === 'f') field = 'formula'
      else if (name === 'rPh') isPhonetic = true
    },
    text: part => {
      if (cell && field !== null && cell[field].length < MAX_TEXT_CHARS) cell[field] += runs.said(part)
    },
    close: name => {
      if (name === 'v' || name === 't' || name === 'f') field = null
      else if (name === 'rPh') isPhonetic = false
      else if (name === 'c') {
        if (cell && cell.column <= MAX_COLUMNS && (cell.text !== '' || cell.formula !== '')) {
          cell.text = unescapeText(cell.text.slice(0, MAX_TEXT_CHARS))
          row.cells.push(cell)
        }
        cell = null
      } else if (name === 'row' && row.cells.length > 0) emit(row)
    },
  }
}

export function isTrue(attribute: string | undefined): boolean {
  return attribute === '1' || attribute === 'true'
}
