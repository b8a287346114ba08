import { type AppError, invalidInput } from '../../errors.ts'

/** A picture that lies inside the file of the sheet. */
export interface SheetPicture {
  /** The name of its part: the same for every cell that shows the same picture. */
  name: string
  /** @throws AppError `invalid_input` if it is too large or damaged. */
  read(): Promise<Uint8Array>
}

export interface Cell {
  /** Text, a number, a boolean or nothing; in JSON Lines any value. A date is text such as 2026-03-05. */
  value: unknown
  /** The address that the cell links to. */
  link?: string
  pictures?: readonly SheetPicture[]
  /** How the sheet shows a number, for example `"$"#,##0.00`. */
  format?: string
  /** Whether the column is hidden. */
  isHidden?: boolean
  /** Why there is no value although the cell is not empty. */
  problem?: string
}

/** The cells from the first column on, without the empty ones at the end, or why the row could not be read. */
export type TableRow = { line: number; cells: readonly Cell[] } | { line: number; reason: string }

export interface Sheet {
  name: string
  /** Where the file itself names the cells, as the keys of JSON Lines do. */
  columns: readonly string[] | null
  /** A row that is longer than the header has a delimiter too many, so its cells are in the wrong columns. */
  isDelimited: boolean
  /** Can be read several times. Rows without any value are left out; lines are counted from 1, as spreadsheets do. */
  rows(): AsyncIterable<TableRow>
}

export interface TableFile {
  /** Without the hidden ones. */
  sheets: readonly Sheet[]
  /** Pictures cannot be read afterwards. */
  close(): Promise<void>
}

export const EMPTY_CELL: Cell = { value: null }

/** The cells without the empty ones at the end; `null` if all are empty. */
export function trimCells(cells: readonly Cell[]): readonly Cell[] | null {
  const last = cells.findLastIndex(cell => !isEmptyCell(cell))
  return last === -1 ? null : cells.slice(0, last + 1)
}

function isEmptyCell({ value, link, pictures, problem }: Cell): boolean {
  const isBlank = value === null || value === undefined || (typeof value === 'string' && value.trim() === '')
  return isBlank && link === undefined && pictures === undefined && problem === undefined
}

/** @param how a program read the file: `in a wrong encoding`. */
export function lostLetters(how: string): AppError {
  return invalidInput(
    `The text of the file lost letters: a program read it ${how}, and saved what it then saw.`,
    'Export it again as UTF-8 from where its text is right.',
  )
}

export function unreadable(what: string, cause?: unknown): AppError {
  return invalidInput(
    `The file to import is ${what}.`,
    'Save it as CSV, XLSX or JSON Lines (one object per line).',
    cause,
  )
}
