/** Owns who calls: a holder with an account, or anybody on this machine where no keys are in use, and what their call may spend. */
import { AppError, type ErrorCode, partsOf } from '../../errors.ts'
import type { Account, Visit } from '../../keys/account.ts'
import type { LedgerUsage } from '../../limits/ledger/ledger.ts'
import type { Plan } from '../../limits/ledger/refusal.ts'
import type { CreditReport, UsageResult } from '../../offers/results/results.ts'
import type { CallOptions, Purse } from '../../upstream-calls/call-options.ts'
import type { Services } from '../../use-cases/use-cases.ts'

/** Who calls. */
export interface Caller {
  /** For the log: a key's id, a hash of an OAuth subject, or `open`. */
  id: string
  /** For the metrics. */
  tier: string
  /** `null`: nothing is counted, for nobody else can call. */
  account: Account | null
}

/** What a call cost and what is left. */
export interface Receipt {
  credits: CreditReport
  /** Where the account stands after the call; `null` for a caller without one. */
  standing: { plan: Plan; usage: LedgerUsage } | null
}

/** Whoever calls where no keys are in use. */
export const OPEN_CALLER: Caller = { id: 'open', tier: 'open', account: null }

/** A caller's services, and the receipt of the last call through them. */
export interface CallerServices {
  services: Services
  /** `null` before a call has ended. */
  receipt(): Receipt | null
}

/** Where a caller's account stands now; `null` without one, and while the database that counts is away: the answer beside it is worth more. */
export async function standingOf({ account }: Caller): Promise<Receipt['standing']> {
  if (account === null) return null
  try {
    return { plan: account.plan, usage: await account.usage() }
  } catch (error) {
    if (error instanceof AppError && error.code === 'store_unavailable') return null
    throw error
  }
}

/**
 * The services as one caller may use them, for one request. Each use case counts as one call against the rate; credits are set aside when an upstream is
 * really about to be asked, so that what is kept costs none.
 */
export function servicesOf(caller: Caller, services: Services): CallerServices {
  let receipt: Receipt | null = null
  const { account } = caller

  /** Runs a use case within the account; the credits that it reports are then those of the account. */
  const pay = async <T extends { credits: CreditReport }>(
    call: CallOptions,
    work: (call: CallOptions) => Promise<T>,
    reserve = 0,
  ): Promise<T> => {
    const result = await (account === null ? work(call) : visit(account, reserve, purse => work({ ...call, purse })))
    const standing = await standingOf(caller)
    const remaining = standing ? standing.usage.creditsLeft : result.credits.remaining
    const credits = { spent: result.credits.spent, remaining }
    receipt = { credits, standing }
    return { ...result, credits }
  }

  return {
    services: {
      searchByImage: (request, call) => pay(call, own => services.searchByImage(request, own)),
      searchByKeyword: (request, call) => pay(call, own => services.searchByKeyword(request, own)),
      listIndex: (request, call) => pay(call, own => services.listIndex(request, own)),
      getDetails: (request, call) => pay(call, own => services.getDetails(request, own)),
      compareOffers: async (request, call) => {
        // All of it or nothing: half a comparison is not worth its credits.
        const { plan } = await services.compareOffers({ ...request, dryRun: true }, call)
        return pay(call, own => services.compareOffers(request, own), request.dryRun ? 0 : plan.credits)
      },
      syncCatalogue: async (request, call) => {
        const left = (await account?.usage())?.creditsLeft ?? request.maxCredits
        const maxCredits = Math.min(request.maxCredits, left)
        return pay(call, own => services.syncCatalogue({ ...request, maxCredits }, own))
      },
      // Neither asks an upstream; a grid of sixty cards must not use up a minute's calls.
      getCards: (request, call) => services.getCards(request, call),
      getThumbnail: (image, call) => services.getThumbnail(image, call),
      getPreviews: (request, call) => services.getPreviews(request, call),
      describeCatalogue: () => services.describeCatalogue(),
      completeOfferIds: (prefix, limit) => services.completeOfferIds(prefix, limit),
      getUsage: async () => ({
        ...(await services.getUsage()),
        ...(account ? { limits: await limitsOf(account) } : {}),
      }),
    },
    receipt: () => receipt,
  }
}

/** Failures that come while an upstream may be answering all the same: the credit is then as good as spent, and its answer kept for the next call. */
const LEFT_EARLY: ReadonlySet<ErrorCode> = new Set(['cancelled', 'deadline_exceeded'])

/** Lets a use case in and settles it. What it reports, or throws, tells the credits that were charged. */
async function visit<T extends { credits: CreditReport }>(
  account: Account,
  reserve: number,
  work: (purse: Purse) => Promise<T>,
): Promise<T> {
  const entry = await account.enter(reserve)
  const purse = purseOf(entry, reserve)
  try {
    const result = await work(purse)
    const spent = await entry.settle(result.credits.spent)
    return { ...result, credits: { ...result.credits, spent } }
  } catch (thrown) {
    const isTold = thrown instanceof AppError && !LEFT_EARLY.has(thrown.code)
    const creditsSpent = await entry.settle(isTold ? thrown.creditsSpent : purse.drawn)
    throw thrown instanceof AppError ? new AppError({ ...partsOf(thrown), creditsSpent }) : thrown
  }
}

/** Pays out of what was set aside when the call came in, then out of the account. */
function purseOf(entry: Visit, reserved: number): Purse & { readonly drawn: number } {
  let left = reserved
  let drawn = 0
  return {
    get drawn() {
      return drawn
    },
    reserve: async credits => {
      const more = Math.max(0, credits - left)
      left = Math.max(0, left - credits)
      if (more > 0) await entry.reserve(more)
      drawn += credits
    },
  }
}

async function limitsOf({ plan, usage }: Account): Promise<UsageResult['limits']> {
  const { callsPerMinute, creditsPerMonth } = plan.allowance
  return { plan: plan.name, callsPerMinute, creditsPerMonth, now: await usage() }
}
