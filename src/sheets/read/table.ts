import { AppError } from '../../errors.ts'

/** The cells in the order of the columns, or why the row could not be read. */
export type TableRow = { line: number; cells: readonly unknown[] } | { line: number; reason: string }

export interface Table {
  columns: readonly string[]
  /** Lines are counted from 1, header included, as editors and spreadsheets do. */
  rows: AsyncIterable<TableRow>
}

export function unreadable(what: string, cause?: unknown): AppError {
  return new AppError({
    code: 'invalid_input',
    message: `The file to import is ${what}.`,
    hint: 'Save it as CSV, XLSX or JSON Lines (one object per line).',
    cause,
  })
}
