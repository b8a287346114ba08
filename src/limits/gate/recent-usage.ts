/**
 * Remembers for a moment where a key stands: every reply says it, and reading a ledger that other processes write
 * takes a lock.
 */
import type { LedgerUsage } from '../../offers/results/usage.ts'
import type { Clock } from '../../time/clock.ts'

/** How old what is remembered may be, in milliseconds; only other processes can have spent anything in the meantime. */
const REMEMBER_MS = 1_000

/** Where a key stands, or stood a moment ago. */
export interface RecentUsage {
  /** Rejects as the ledger does. */
  get(): Promise<LedgerUsage | null>
  /** To be called when this process has spent something. */
  forget(): void
}

/** Makes it. @param read asks the ledger. */
export function createRecentUsage(read: () => Promise<LedgerUsage | null>, clock: Clock): RecentUsage {
  let known: { usage: Promise<LedgerUsage | null>; at: number } | null = null
  const forget = (): void => {
    known = null
  }
  return {
    get() {
      const now = clock.monotonic()
      if (known !== null && now - known.at < REMEMBER_MS) return known.usage
      const usage = read()
      known = { usage, at: now }
      usage.catch(forget)
      return usage
    },
    forget,
  }
}
