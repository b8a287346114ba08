/** What a table in a user's file is: columns, rows, and the error for a file that holds none. */
import { AppError } from '../../errors.ts'

/** A row of a table: its cells in the order of the columns, or why it could not be read. */
export type TableRow = { line: number; cells: readonly unknown[] } | { line: number; reason: string }

/** A table with its columns known before its rows are read. */
export interface Table {
  columns: readonly string[]
  /** Line numbers count from 1 and include the header, as an editor or a spreadsheet shows them. */
  rows: AsyncIterable<TableRow>
}

/** The error for a file that is not one of the three kinds. */
export function unreadable(what: string, cause?: unknown): AppError {
  return new AppError({
    code: 'invalid_input',
    message: `The file to import is ${what}.`,
    hint: 'Save it as CSV, as XLSX, or as JSON Lines (one object a line).',
    cause,
  })
}
