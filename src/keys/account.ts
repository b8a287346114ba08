/** What the holder of a key may still do: its tier's rate and credits, counted by the same ledger code as our own keys at an upstream. */
import { randomUUID } from 'node:crypto'
import { AppError, partsOf } from '../errors.ts'
import type { Allowance } from '../limits/ledger/allowance.ts'
import { PARSE_TIERS, type ParseTier } from '../limits/ledger/allowance.ts'
import type { Ledger, Refusal } from '../limits/ledger/ledger.ts'
import { type Plan, refusalError } from '../limits/ledger/refusal.ts'
import type { LedgerUsage } from '../offers/results/usage.ts'
import type { Clock } from '../time/clock.ts'
import { isAway } from './remembering-key-store.ts'

/** One call that was let in. */
export interface AdmittedCall {
  /** Reserves more. @throws AppError `credits_exhausted`, with `retryAfterMs`, where fewer are left. */
  reserve(credits: number): Promise<void>
  /**
   * Ends the call with what it cost. More than was reserved is never charged: retries and an upstream's surprises are the affair of whoever runs the
   * server. Where the ledger cannot be written, all that was reserved stays spent: an answer is worth more than its booking.
   * @returns the credits that were charged.
   */
  settle(credits: number): Promise<number>
}

/** The account of one holder. Rejects with AppError `store_unavailable` where its ledger cannot be used, unless that is the upstream's as well: nothing goes out uncounted. */
export interface Account {
  readonly plan: Plan
  /**
   * Lets a call in now, or says when to come back.
   * @param credits reserved at once, and until the call is settled; a crash leaves them spent.
   * @throws AppError `rate_limited` or `credits_exhausted`, with `retryAfterMs`.
   */
  admit(credits: number): Promise<AdmittedCall>
  usage(): Promise<LedgerUsage>
}

export interface Accounts {
  /** The same account for the same holder. @param holder the id of a key, or whatever else names who calls. */
  of(holder: string, tier: ParseTier): Account
  close(): Promise<void>
}

export interface AccountsOptions {
  /** Opens the ledger of a holder; called at the first call. */
  openLedger(holder: string, allowance: Allowance): Ledger
  /**
   * Whether the upstream's calls are counted in the same database. Then, while it is away, no call can cost anything, and holders are let in to what is
   * in memory.
   */
  isUpstreamCountedThere: boolean
  clock: Clock
}

/** Accounts whose ledgers stay open: each is a file with its own descriptors, and of holders there may be thousands. */
export const MAX_OPEN_ACCOUNTS = 200

interface OpenAccount {
  account: Account
  isIdle(): boolean
  close(): Promise<void>
}

export function createAccounts(options: AccountsOptions): Accounts {
  /** Whoever called last stands last. */
  const opened = new Map<string, OpenAccount>()

  async function closeIdlest(): Promise<void> {
    for (const [name, { isIdle, close }] of opened) {
      if (!isIdle()) continue
      opened.delete(name)
      return close()
    }
  }

  return {
    of: (holder, tier) => {
      const name = `${tier}:${holder}`
      const plan = { name: `${tier} tier`, allowance: PARSE_TIERS[tier] }
      const open = () => options.openLedger(holder, plan.allowance)
      const made = opened.get(name) ?? createAccount(plan, open, options)
      opened.delete(name)
      opened.set(name, made)
      // A ledger that does not close is one that is not used any more.
      if (opened.size > MAX_OPEN_ACCOUNTS) closeIdlest().catch(() => undefined)
      return made.account
    },
    close: async () => {
      for (const { close } of opened.values()) await close()
    },
  }
}

function createAccount(
  plan: Plan,
  openLedger: () => Ledger,
  { clock, isUpstreamCountedThere }: AccountsOptions,
): OpenAccount {
  let ledger: Ledger | undefined
  let openCalls = 0
  let fullUntil = Number.NEGATIVE_INFINITY
  const book = (): Ledger => {
    ledger ??= openLedger()
    return ledger
  }

  const admit = async (credits: number): Promise<AdmittedCall> => {
    // A flood of calls over the rate must not reach the disk: until the slot that the ledger named, the answer is known.
    const fullMs = fullUntil - clock.monotonic()
    if (fullMs > 0) throw refuse({ reason: 'rate', retryAfterMs: fullMs })
    const ticket = randomUUID()
    const grant = await book().acquire(ticket, credits).catch(letInUncounted)
    if (grant === null) return uncountedCall(ticket)
    if (grant.granted) return countedCall(grant.callId, credits)
    await book().leave(ticket)
    if (grant.reason === 'rate') fullUntil = clock.monotonic() + grant.retryAfterMs
    throw refuse(grant)
  }

  const countedCall = (callId: number, granted: number): AdmittedCall => {
    let reserved = granted
    openCalls++
    return {
      reserve: async credits => {
        const refusal = await book().reserve(callId, credits)
        if (refusal !== null) throw refuse(refusal)
        reserved += credits
      },
      settle: async spent => {
        const charged = Math.min(spent, reserved)
        try {
          // The slot lasts a minute from now: there is no way to an upstream to allow for.
          await book().settle(callId, { kind: 'answered', headersAfterMs: 0, credits: charged })
          return charged
        } catch (error) {
          if (isAway(error)) return reserved
          throw error
        } finally {
          openCalls--
        }
      },
    }
  }

  const letInUncounted = (error: unknown): null => {
    if (isUpstreamCountedThere && isAway(error)) return null
    throw error
  }

  /** A call that was let in while the database was away; where it came back in time for the call to cost something, that is counted afterwards. */
  const uncountedCall = (ticket: string): AdmittedCall => ({
    reserve: async () => undefined,
    settle: async spent => {
      if (spent > 0) await book().acquire(ticket, spent)
      return spent
    },
  })

  /** What still answers at an upstream's limit does not at a holder's, where every call counts. */
  const refuse = (refusal: Refusal): AppError => {
    const hint =
      refusal.reason === 'credits'
        ? 'Wait until then, or ask whoever runs this server for a larger tier; what is known already is still answered.'
        : 'Call again then: every call of a key counts, also for what is known.'
    return new AppError({ ...partsOf(refusalError(plan, refusal, clock.now())), hint })
  }

  const account: Account = { plan, admit, usage: async () => book().usage() }
  const close = async (): Promise<void> => {
    const closing = ledger
    ledger = undefined
    await closing?.close()
  }
  return { account, isIdle: () => openCalls === 0, close }
}
