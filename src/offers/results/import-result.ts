import type { OfferSummary } from '../offer.ts'

export interface ImportResult {
  /** Whether the offers were stored, or only read. */
  isImported: boolean
  /** Names this reading of the file: the same file, read in the same way, has the same. `null` if none is confirmed. */
  reading: string | null
  /** `field` is `null` for a column that is not used. */
  columns: readonly { column: string; field: string | null; currency?: string }[]
  offers: number
  /** The first offers as they are read. */
  samples: readonly { line: number; offer: OfferSummary }[]
  /** Rows that are left out. */
  rejected: readonly RowProblem[]
  /** What is unknown of rows that are kept. */
  notes: readonly RowProblem[]
  /** Prices that are kept in their own currency, since no rate is known, by currency. */
  unconverted: Readonly<Record<string, number>>
  /** How many prices each rate turned into CNY. */
  converted: readonly { currency: string; cny: number; from: string; date: string | null; prices: number }[]
  /** Files that came as pictures of the sheet, of which no row has one. */
  unusedPictures: readonly string[]
  /** What of the catalogue the file adds, changes and lacks; `null` if nothing was stored. */
  changes: ImportedChanges | null
  /**
   * Own offers in all, how many of them have a picture that can be compared, and whether others are still being read;
   * `null` if nothing was stored.
   */
  own: { offers: number; compared: number; isReading: boolean } | null
}

export interface ImportedChanges {
  added: number
  changed: number
  unchanged: number
  missing: number
  /** How many of those that are missing were removed; `null` if they were to stay. */
  pruned: number | null
}

export interface RowProblem {
  line: number
  reason: string
}
