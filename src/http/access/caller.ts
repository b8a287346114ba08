import { storageFor } from '../../catalogue/holdings.ts'
import { OPERATOR } from '../../catalogue/owners.ts'
import { isStoreUnavailable } from '../../errors.ts'
import type { Account } from '../../keys/account.ts'
import { KEY_RIGHTS, type KeyRight } from '../../keys/api-key.ts'
import type { Plan } from '../../limits/ledger/allowance.ts'
import type { LedgerUsage } from '../../offers/results/usage.ts'

export interface Caller {
  /** For the log: a key's ID, a hash of an OAuth subject, or `open`. */
  id: string
  /** Whose imported offers the caller sees and writes: a key or an OAuth subject, prefixed by its kind. */
  owner: string
  /** Beyond the calls of the tier. */
  rights: readonly KeyRight[]
  /** For the metrics. */
  tier: string
  /** How many offers it may import; `null` if only this machine can call. */
  mostOffers: number | null
  /** `null` if only this machine can call: then nothing is counted. */
  account: Account | null
}

/** The caller of public pages, and every caller while no keys are in use. */
export const OPEN_CALLER: Caller = {
  id: 'open',
  owner: OPERATOR,
  rights: KEY_RIGHTS,
  tier: 'open',
  mostOffers: null,
  account: null,
}

/** Bytes that the caller's account may have in files; `null` without a limit. */
export function storageOf({ mostOffers }: Caller): number | null {
  return mostOffers === null ? null : storageFor(mostOffers)
}

/** How many pictures of their own imports may be fetched: as many as they may make calls; `null` without a limit. */
export function picturesPerMinute({ account }: Caller): number | null {
  return account?.plan.allowance.callsPerMinute ?? null
}

export interface Balance {
  plan: Plan
  usage: LedgerUsage
}

/** `null` without an account, and while the ledger is unavailable: the answer matters more than its headers. */
export async function balanceOf({ account }: Caller): Promise<Balance | null> {
  if (account === null) return null
  try {
    return { plan: account.plan, usage: await account.usage() }
  } catch (error) {
    if (isStoreUnavailable(error)) return null
    throw error
  }
}
