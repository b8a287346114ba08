/** What comparing offers answers. */
import type { AppError } from '../../errors.ts'
import type { CompareWishes, Comparison } from '../comparison.ts'
import type { CreditReport, Remark, SourceReport } from './results.ts'

/** An offer that could not be compared. */
export interface CompareFailure {
  /** The offer's id, or what stood in its place, shortened. */
  reference: string
  error: AppError
}

/** Offers compared, or what comparing them would cost. */
export interface CompareResult extends Comparison {
  wishes: CompareWishes
  /** Whether only the cost was asked for: then no offer was read. */
  isDryRun: boolean
  /** What was known before anything was spent. */
  plan: {
    /** Different offers. */
    offers: number
    /** Those that cost nothing. */
    free: number
    /** What the others cost. */
    credits: number
  }
  /** Upstream of each compared offer by its id, or `import`. */
  sources: ReadonlyMap<string, string>
  failures: CompareFailure[]
  source: SourceReport
  credits: CreditReport
  remarks: Remark[]
}
