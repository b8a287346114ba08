import type { AppError } from '../../errors.ts'
import type { CompareWishes, Comparison } from '../comparison.ts'
import type { PastObservation } from '../observation.ts'
import type { OtherCurrency } from './landed-cost-result.ts'
import type { CreditReport, ImportedOffer, Remark, SourceReport } from './results.ts'

export interface CompareFailure {
  /** The offer's ID, or the invalid reference, shortened. */
  reference: string
  error: AppError
}

export interface CompareResult extends Comparison {
  wishes: CompareWishes
  /** Whether only the cost was requested and no offer was read. */
  isDryRun: boolean
  /** As known before anything was spent. */
  cost: {
    /** Different offers. */
    offers: number
    /** Offers that cost nothing. */
    free: number
    /** Of the others. */
    credits: number
    /** If the first source fails and the next ones are asked. Default: `credits`. */
    atMost?: number
  }
  /** To be shown beside CNY. */
  otherCurrency?: OtherCurrency
  /** By offer ID: the upstream, or `import`. */
  sources: ReadonlyMap<string, string>
  /** By offer ID: what its source said before, newest first. */
  past?: ReadonlyMap<string, readonly PastObservation[]>
  /** By offer ID: what the user's own files say about offers that were read elsewhere. */
  imported?: ReadonlyMap<string, readonly ImportedOffer[]>
  failures: CompareFailure[]
  source: SourceReport
  credits: CreditReport
  remarks: Remark[]
}
