/** How the 1688 Open Platform may be called. */
import type { RetryPolicy } from '../../limits/gate/retry.ts'
import type { Allowance } from '../../limits/ledger/ledger.ts'

/** No figures are published, and a key counts no credits. */
export const OPEN1688_ALLOWANCE: Allowance = { callsPerMinute: null, creditsPerMonth: null, creditResetDay: null }

/**
 * A 401 is told to come back where the next try has another token, and a 403 where it takes another way to the same answer. How often a refused rate may
 * be tried is our choice: the waits grow from 10 s to 80 s.
 */
export const OPEN1688_RETRIES: RetryPolicy = {
  notSent: { maxRetries: 1 },
  byStatus: {
    401: { maxRetries: 1, onlyWhenTold: true },
    403: { maxRetries: 2, onlyWhenTold: true },
    429: { maxRetries: 3, onlyWhenTold: true },
    500: { maxRetries: 1 },
    502: { maxRetries: 1 },
    503: { maxRetries: 1 },
  },
}
