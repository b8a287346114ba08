/** What one spreadsheet may cost to read, over all its parts and passes. */
import { type AppError, invalidInput } from '../../../errors.ts'

/** Ten times a sheet of 100,000 rows and 20 columns. */
const MAX_UNPACKED_BYTES = 600_000_000
/** An Excel sheet has 1,048,576 rows; each cell is two or three elements. */
const MAX_ELEMENTS = 30_000_000
/** 100,000 rows of 50 columns. */
const MAX_CELLS = 5_000_000
/** Sheets shrink to a tenth, very uniform ones to a fiftieth. */
const MAX_RATIO = 200
/** Short parts are harmless whatever their ratio. */
const RATIO_FREE_BYTES = 10_000_000
/** Pictures are read one at a time; the same part may be shown by many cells. */
const MAX_PICTURE_BYTES_IN_ALL = 4_000_000_000

export interface Budget {
  /** @throws AppError `invalid_input`, as the others. */
  unpacked(bytes: number): void
  elements(count: number): void
  cells(count: number): void
  picture(bytes: number): void
}

export function createBudget(): Budget {
  const counter = (limit: number, what: string) => {
    let left = limit
    return (count: number): void => {
      left -= count
      if (left < 0) throw tooMuch(`it has more than ${what}`)
    }
  }
  return {
    unpacked: counter(MAX_UNPACKED_BYTES, `${MAX_UNPACKED_BYTES / 1_000_000} MB of unpacked text`),
    elements: counter(MAX_ELEMENTS, `${MAX_ELEMENTS / 1_000_000} million XML elements`),
    cells: counter(MAX_CELLS, `${MAX_CELLS / 1_000_000} million cells`),
    picture: counter(MAX_PICTURE_BYTES_IN_ALL, `${MAX_PICTURE_BYTES_IN_ALL / 1_000_000_000} GB of pictures`),
  }
}

/** @throws AppError `invalid_input` once a part has grown to more than any sheet does. */
export function checkRatio(unpacked: number, packed: number): void {
  if (unpacked > RATIO_FREE_BYTES && unpacked > packed * MAX_RATIO) {
    throw tooMuch(`a part of it grows to more than ${MAX_RATIO} times its size when it is unpacked`)
  }
}

export function tooMuch(why: string): AppError {
  return invalidInput(
    `The spreadsheet is too large to be read safely: ${why}.`,
    'Copy the rows you need to a new spreadsheet, or save the sheet as CSV.',
  )
}
