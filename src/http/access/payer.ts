/** Charges a call's upstream credits to the caller's account. */
import { AppError, isStoreUnavailable, partsOf } from '../../errors.ts'
import type { Account, AdmittedCall } from '../../keys/account.ts'
import type { CreditReport } from '../../offers/results/results.ts'
import type { CallOptions, Payer } from '../../upstream-calls/call-options.ts'
import { limitsOf } from '../../use-cases/get-usage.ts'
import { type Charge, isChargedAs, mapUseCases, type RequestOf, type Services } from '../../use-cases/use-cases.ts'
import { type Balance, balanceOf, type Caller, picturesPerMinute, storageOf } from './caller.ts'

export interface CallCost {
  credits: CreditReport
  /** `null` without an account. */
  balance: Balance | null
}

export interface ChargedServices {
  services: Services
  /** The cost of the last call that succeeded. */
  lastCost(): CallCost | null
}

type ChargedUseCase<C extends Charge, Result> = (request: RequestOf<C>, call: CallOptions) => Promise<Result>

interface Charged {
  credits: CreditReport
}

interface Quoted extends Charged {
  cost: { credits: number }
}

/**
 * Wraps the services for one request of one caller. Each charged use case counts as one call against the rate. Credits
 * are only reserved just before an upstream is called, so a cached answer costs none.
 */
export function chargeServices(caller: Caller, services: Services): ChargedServices {
  const { account } = caller
  let lastCost: CallCost | null = null

  /** The credits in the result become those of the account. */
  const charge = async <Result extends Charged>(
    call: CallOptions,
    work: (call: CallOptions) => Promise<Result>,
    reserve = 0,
  ): Promise<Result> => {
    const own = { ...call, queue: caller.id, picturesPerMinute: picturesPerMinute(caller) }
    const result = await (account === null ? work(own) : chargeTo(account, reserve, payer => work({ ...own, payer })))
    const balance = await balanceOf(caller)
    const remaining = balance ? balance.usage.creditsLeft : result.credits.remaining
    const credits = { spent: result.credits.spent, remaining }
    lastCost = { credits, balance }
    return { ...result, credits }
  }

  const perCall =
    (useCase: ChargedUseCase<'per_call', Charged>): ChargedUseCase<'per_call', Charged> =>
    (request, call) =>
      charge(call, own => useCase(request, own))

  /** All or nothing: half a comparison is not worth its credits. */
  const quoted =
    (useCase: ChargedUseCase<'quoted', Quoted>): ChargedUseCase<'quoted', Quoted> =>
    async (request, call) => {
      const { cost } = await useCase({ ...request, dryRun: true }, call)
      return charge(call, own => useCase(request, own), request.dryRun ? 0 : cost.credits)
    }

  const budgeted =
    (useCase: ChargedUseCase<'budgeted', Charged>): ChargedUseCase<'budgeted', Charged> =>
    async (request, call) => {
      const left = account === null ? null : await creditsLeftOf(account)
      const maxCredits = Math.min(request.maxCredits, left ?? request.maxCredits)
      return charge(call, own => useCase({ ...request, maxCredits }, own))
    }

  const charged = mapUseCases(name => {
    if (isChargedAs(name, 'per_call')) return perCall(services[name])
    if (isChargedAs(name, 'quoted')) return quoted(services[name])
    if (isChargedAs(name, 'budgeted')) return budgeted(services[name])
    return services[name]
  })
  const getUsage: Services['getUsage'] = async () => {
    const usage = await services.getUsage()
    if (!account) return usage
    const { limits, remarks } = await limitsOf(account)
    const own = { ownOffers: caller.mostOffers, ownBytes: storageOf(caller) }
    return { ...usage, ...own, limits, remarks: [...usage.remarks, ...remarks] }
  }
  const exportOffers: Services['exportOffers'] = (request, call) =>
    charged.exportOffers({ ...request, mostBytes: storageOf(caller) }, call)
  return { services: { ...charged, getUsage, exportOffers }, lastCost: () => lastCost }
}

/** None while they cannot be counted; `null` without a limit. */
async function creditsLeftOf(account: Account): Promise<number | null> {
  try {
    return (await account.usage()).creditsLeft
  } catch (error) {
    if (isStoreUnavailable(error)) return 0
    throw error
  }
}

async function chargeTo<Result extends Charged>(
  account: Account,
  reserve: number,
  work: (payer: Payer) => Promise<Result>,
): Promise<Result> {
  const admitted = await account.admit(reserve)
  const bill = openBill(admitted, reserve)
  try {
    const result = await work(bill.payer)
    const spent = await bill.close(result.credits.spent)
    return { ...result, credits: { ...result.credits, spent } }
  } catch (thrown) {
    const creditsSpent = await bill.close(thrown instanceof AppError ? thrown.creditsSpent : 0)
    throw thrown instanceof AppError ? new AppError({ ...partsOf(thrown), creditsSpent }) : thrown
  }
}

interface Bill {
  payer: Payer
  /**
   * Ends the call. What was sent is charged once its cost is known: requests outlive callers who leave early, and their
   * reservation stays until then.
   * @param stated what the reply says the call cost.
   * @returns the credits charged, or `stated` while requests are on their way.
   */
  close(stated: number): Promise<number>
}

/** Pays from the reservation made on admission, then from the account. */
function openBill(admitted: AdmittedCall, reservedOnAdmission: number): Bill {
  let left = reservedOnAdmission
  let spent = 0
  let onTheWay = 0
  let settleLast: (() => void) | null = null
  return {
    payer: {
      reserve: async credits => {
        const more = Math.max(0, credits - left)
        left = Math.max(0, left - credits)
        if (more > 0) await admitted.reserve(more)
      },
      sent: () => {
        onTheWay++
        return credits => {
          spent += credits
          if (--onTheWay === 0) settleLast?.()
        }
      },
    },
    async close(stated) {
      if (onTheWay === 0) return admitted.settle(spent)
      // If it fails, the reservation stays charged.
      settleLast = () => void admitted.settle(spent).catch(() => undefined)
      return stated
    },
  }
}
