/** A value that came from an upstream, with its cost and its age. */
import type { AppError } from '../../errors.ts'
import type { SourceReport } from './results.ts'

export interface Fetched<T> {
  value: T
  /** Credits that this very call spent: 0 for a value that was cached, or fetched for another caller. */
  creditsSpent: number
  /** When it came from the upstream, milliseconds since 1970. */
  retrievedAt: number
  /** Why an old value stands in for one that could not be fetched; `null` for all others. */
  staleBecause: AppError | null
}

/** Where an answer came from and how old it is. @param retrievedAt `null` where nothing is shown. */
export function sourceReport(upstream: string, retrievedAt: number | null, now: number, stale = false): SourceReport {
  const ageS = retrievedAt === null ? null : Math.max(0, Math.round((now - retrievedAt) / 1000))
  return { upstream, retrievedAt, ageS, stale }
}
