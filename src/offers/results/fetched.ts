/** A value from an upstream, with its cost and age. */
import type { AppError } from '../../errors.ts'
import type { SourceReport } from './results.ts'

export interface Fetched<T> {
  value: T
  /** Spent by this call: 0 for a value that was cached or fetched for another caller. */
  creditsSpent: number
  /** Milliseconds since 1970. */
  retrievedAt: number
  /** Why a stale value stands in for one that could not be fetched; `null` for a fresh one. */
  staleBecause: AppError | null
}

/** A value obtained just now. */
export function fetchedNow<T>(value: T, now: number, creditsSpent = 0): Fetched<T> {
  return { value, creditsSpent, retrievedAt: now, staleBecause: null }
}

/** @param retrievedAt `null` if there is nothing to show. */
export function sourceReport(upstream: string, retrievedAt: number | null, now: number, stale = false): SourceReport {
  const ageS = retrievedAt === null ? null : Math.max(0, Math.round((now - retrievedAt) / 1000))
  return { upstream, retrievedAt, ageS, stale }
}
