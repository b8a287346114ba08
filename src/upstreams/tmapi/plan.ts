/** How TMAPI may be called. */
import type { RetryPolicy } from '../../limits/gate/retry.ts'
import type { Allowance } from '../../limits/ledger/ledger.ts'

/** Its base, without a slash at its end; other vendors copied its shapes. */
export const TMAPI_BASE_URL = 'https://api.tmapi.io'

/** No figures are published; what a token may do is up to its plan. */
export const TMAPI_ALLOWANCE: Allowance = { callsPerMinute: null, creditsPerMonth: null, creditResetDay: null }

/** By the code in the body: 499 asks for another try, 500 is a passing fault, 503 means too many calls at once. */
export const TMAPI_RETRIES: RetryPolicy = {
  notSent: { maxRetries: 1 },
  byStatus: {
    429: { maxRetries: 3, onlyWhenTold: true },
    499: { maxRetries: 2 },
    500: { maxRetries: 1 },
    503: { maxRetries: 2 },
  },
}
