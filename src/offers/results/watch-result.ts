import type { AppError } from '../../errors.ts'
import type { WatchChange, Watched, WatchTarget } from '../watched.ts'
import type { CreditReport, Remark } from './results.ts'

export interface WatchListResult {
  /** In the order in which they were added. */
  watched: Watched[]
  /** By this call; one that was there already does not count. */
  added: number
  removed: number
}

export interface CheckResult {
  /** On the whole list. */
  watched: number
  /** Read by this call. */
  checked: number
  /** Due, and not read yet. */
  left: number
  /** When the next one is due, milliseconds since 1970; `null` if some are left, or nothing is watched. */
  nextDueAt: number | null
  /** Not reported before. */
  changes: (WatchTarget & { changes: WatchChange[] })[]
  /** Offers and searches whose changes did not fit and are reported by the next check. */
  unreported: number
  /** What could not be read, while the others could. */
  failures: (WatchTarget & { error: AppError })[]
  /** What ended the check early; `null` for the time or the credits that the call had. */
  stoppedBecause: AppError | null
  /** Whether only max_credits kept the rest from being read. */
  isOutOfCredits: boolean
  credits: CreditReport
  remarks: Remark[]
}
