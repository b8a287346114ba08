/** Remembers a key's usage for a moment: every reply states it, and reading a shared ledger takes a lock. */
import type { LedgerUsage } from '../../offers/results/usage.ts'
import type { Clock } from '../../time/clock.ts'

/** Only credits spent by other processes can be missing for this long. */
const REMEMBER_MS = 1_000

export interface RecentUsage {
  /** Rejects as the ledger does. */
  get(): Promise<LedgerUsage | null>
  /** Call it whenever this process has spent something. */
  forget(): void
}

/** @param read reads the ledger. */
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
