/** Owns who calls: a holder with an account, or anybody on this machine where no keys are in use, and what their call may spend. */
import { AppError } from '../errors.ts'
import type { Account } from '../keys/account.ts'
import type { LedgerUsage } from '../limits/ledger.ts'
import type { Plan } from '../limits/refusals.ts'
import type { CreditReport, UsageResult } from '../offers/result.ts'
import type { Services } from '../sourcing/services.ts'

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

/** The services as one caller may use them, for one request. Each use case counts as one call against the rate, whatever it cost. */
export function servicesOf(caller: Caller, services: Services): CallerServices {
  let receipt: Receipt | null = null
  const { account } = caller

  /** Runs a use case within the account; the credits that it reports are then those of the account. */
  const pay = async <T extends { credits: CreditReport }>(reserve: number, work: () => Promise<T>): Promise<T> => {
    const result = await (account === null ? work() : visit(account, reserve, work))
    const standing = await standingOf(caller)
    const remaining = standing ? standing.usage.creditsLeft : result.credits.remaining
    const credits = { spent: result.credits.spent, remaining }
    receipt = { credits, standing }
    return { ...result, credits }
  }

  return {
    services: {
      searchByImage: (request, call) => pay(1, () => services.searchByImage(request, call)),
      searchByKeyword: (request, call) => pay(1, () => services.searchByKeyword(request, call)),
      listIndex: (request, call) => pay(1, () => services.listIndex(request, call)),
      getDetails: (request, call) => pay(1, () => services.getDetails(request, call)),
      compareOffers: async (request, call) => {
        // What is kept costs nothing, and an account with few credits left may still compare it.
        const { plan } = await services.compareOffers({ ...request, dryRun: true }, call)
        return pay(plan.credits, () => services.compareOffers(request, call))
      },
      syncCatalogue: async (request, call) => {
        const left = (await account?.usage())?.creditsLeft ?? request.maxCredits
        const maxCredits = Math.min(request.maxCredits, left)
        return pay(maxCredits, () => services.syncCatalogue({ ...request, maxCredits }, call))
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

async function visit<T extends { credits: CreditReport }>(
  account: Account,
  reserve: number,
  work: () => Promise<T>,
): Promise<T> {
  const { settle } = await account.enter(reserve)
  let spent: number | null = null
  try {
    const result = await work()
    spent = result.credits.spent
    return result
  } catch (error) {
    if (error instanceof AppError) spent = error.creditsSpent
    throw error
  } finally {
    await settle(spent)
  }
}

async function limitsOf({ plan, usage }: Account): Promise<UsageResult['limits']> {
  const { callsPerMinute, creditsPerMonth } = plan.allowance
  return { plan: plan.name, callsPerMinute, creditsPerMonth, now: await usage() }
}
