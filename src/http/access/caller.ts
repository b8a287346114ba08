import { AppError } from '../../errors.ts'
import type { Account } from '../../keys/account.ts'
import type { Plan } from '../../limits/ledger/refusal.ts'
import type { LedgerUsage } from '../../offers/results/usage.ts'

export interface Caller {
  /** For the log: a key's ID, a hash of an OAuth subject, or `open`. */
  id: string
  /** For the metrics. */
  tier: string
  /** `null`: nothing is counted, because only this machine can call. */
  account: Account | null
}

/** The caller where no keys are in use. */
export const OPEN_CALLER: Caller = { id: 'open', tier: 'open', account: null }

/** What an account has left after a call. */
export interface Standing {
  plan: Plan
  usage: LedgerUsage
}

/** `null` without an account, and while the database that counts is away: the answer is worth more than its headers. */
export async function standingOf({ account }: Caller): Promise<Standing | null> {
  if (account === null) return null
  try {
    return { plan: account.plan, usage: await account.usage() }
  } catch (error) {
    if (error instanceof AppError && error.code === 'store_unavailable') return null
    throw error
  }
}
