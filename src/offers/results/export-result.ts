import type { CreditReport, Remark, SourceReport } from './results.ts'

/** A file with offers. */
export interface SavedExport {
  name: string
  mediaType: string
  /** Its size. */
  bytes: number
  /** On this computer; `null` where an address was given out. */
  path: string | null
  /** Opens without a key; `null` for a file on this computer. */
  address: string | null
  /** When the address stops working, milliseconds since 1970. */
  expiresAt: number | null
}

export interface ExportResult {
  /** `null` if only the price was asked for. */
  file: SavedExport | null
  cost: { offers: number; free: number; credits: number }
  /** Offers in the file. */
  offers: number
  /** Of them, those whose picture is in the file. */
  pictures: number
  /** Offers that could not be read; the file names them. */
  failed: number
  hasLandedCost: boolean
  source: SourceReport
  credits: CreditReport
  remarks: Remark[]
}
