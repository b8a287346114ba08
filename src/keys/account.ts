/** The rate and credits of one key or OAuth subject, counted by the same ledger code as our own keys at an upstream. */
import { randomUUID } from 'node:crypto'
import { AppError, isStoreUnavailable, partsOf } from '../errors.ts'
import { type Allowance, PARSE_TIERS, type ParseTier, type Plan } from '../limits/ledger/allowance.ts'
import { type Grant, type Ledger, type Refusal, WINDOW_MS } from '../limits/ledger/ledger.ts'
import { refusalError } from '../limits/ledger/refusal.ts'
import type { LedgerUsage } from '../offers/results/usage.ts'
import type { Clock } from '../time/clock.ts'

export interface AdmittedCall {
  /** Reserves further credits. @throws AppError `credits_exhausted` with `retryAfterMs` if fewer are left. */
  reserve(credits: number): Promise<void>
  /**
   * Ends the call and charges what it cost, but never more than was reserved: the operator pays for retries and
   * surprises. If the ledger cannot be written, the answer is still returned and the whole reservation stays charged.
   * @returns the credits charged.
   */
  settle(credits: number): Promise<number>
}

export interface Account {
  readonly plan: Plan
  /**
   * While its ledger cannot be used (full disk, damage), calls that spend nothing are admitted at the plan's rate, which
   * this process then counts by itself; reserving credits rejects with AppError `store_unavailable`.
   * @param credits reserved until the call is settled; after a crash they stay charged.
   * @throws AppError `rate_limited` or `credits_exhausted` with `retryAfterMs`.
   */
  admit(credits: number): Promise<AdmittedCall>
  usage(): Promise<LedgerUsage>
}

export interface Accounts {
  /** @param holder a key's ID or a hash of an OAuth subject, prefixed by its kind. */
  of(holder: string, tier: ParseTier): Account
  close(): Promise<void>
}

export interface AccountsOptions {
  openLedger(holder: string, allowance: Allowance): Ledger
  /**
   * Whether the upstream's calls are counted in the same database. Then no call can spend credits while it is
   * unavailable, and holders may still read what is in memory.
   */
  sharesUpstreamStore: boolean
  clock: Clock
}

/** Each open ledger of SQLite holds file descriptors, and there may be thousands of holders. */
export const MAX_OPEN_ACCOUNTS = 200

interface OpenAccount {
  account: Account
  isIdle(): boolean
  close(): Promise<void>
}

export function createAccounts(options: AccountsOptions): Accounts {
  /** In order of the last call, oldest first. */
  const opened = new Map<string, OpenAccount>()
  let isClosed = false

  async function closeLeastRecent(): Promise<void> {
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
      const entry = opened.get(name) ?? createAccount(plan, open, { ...options, isClosed: () => isClosed })
      opened.delete(name)
      opened.set(name, entry)
      // No call uses this ledger, so a failure to close it has no effect.
      if (opened.size > MAX_OPEN_ACCOUNTS) closeLeastRecent().catch(() => undefined)
      return entry.account
    },
    close: async () => {
      isClosed = true
      for (const { close } of opened.values()) await close()
    },
  }
}

function createAccount(
  plan: Plan,
  openLedger: () => Ledger,
  { clock, sharesUpstreamStore, isClosed }: AccountsOptions & { isClosed: () => boolean },
): OpenAccount {
  let ledger: Ledger | undefined
  let openCalls = 0
  let rateLimitedUntil = Number.NEGATIVE_INFINITY
  const uncounted = createUncountedRate(plan.allowance.callsPerMinute, clock)
  const getLedger = (): Ledger => {
    ledger ??= openLedger()
    return ledger
  }

  const admit = async (credits: number): Promise<AdmittedCall> => {
    // A flood of calls over the rate must not reach the disk: the ledger has already said when the next slot is free.
    const waitMs = rateLimitedUntil - clock.monotonic()
    if (waitMs > 0) throw refuse({ reason: 'rate', retryAfterMs: waitMs })
    const ticket = randomUUID()
    const grant = await acquire(ticket, credits)
    if (grant instanceof AppError) return uncountedCall(ticket, grant)
    if (grant.granted) return countedCall(grant.callId, credits)
    await getLedger().leave(ticket)
    if (grant.reason === 'rate') rateLimitedUntil = clock.monotonic() + grant.retryAfterMs
    throw refuse(grant)
  }

  const countedCall = (callId: number, granted: number): AdmittedCall => {
    let reserved = granted
    openCalls++
    return {
      reserve: async credits => {
        const refusal = await getLedger().reserve(callId, credits)
        if (refusal !== null) throw refuse(refusal)
        reserved += credits
      },
      settle: async spent => {
        const charged = Math.min(spent, reserved)
        // A request that outlives the server: as after a crash, its reservation stays charged.
        if (isClosed()) return reserved
        try {
          // The slot lasts a minute from now: there is no travel time to an upstream to add.
          await getLedger().settle(callId, { kind: 'answered', headersAfterMs: 0, credits: charged })
          return charged
        } catch (error) {
          if (isStoreUnavailable(error)) return reserved
          throw error
        } finally {
          openCalls--
        }
      },
    }
  }

  /** @returns the ledger's error where the call may go on without it. */
  const acquire = async (ticket: string, credits: number): Promise<Grant | AppError> => {
    try {
      return await getLedger().acquire(ticket, credits)
    } catch (error) {
      if (!(error instanceof AppError && isStoreUnavailable(error))) throw error
      if (sharesUpstreamStore) return error
      if (credits > 0) throw error
      const waitMs = uncounted.take()
      if (waitMs > 0) throw refuse({ reason: 'rate', retryAfterMs: waitMs })
      return error
    }
  }

  /** A call admitted while the ledger was unavailable. What it spends nevertheless is counted afterwards. */
  const uncountedCall = (ticket: string, error: AppError): AdmittedCall => ({
    reserve: async () => {
      // In a shared database, the upstream's own ledger refuses instead.
      if (!sharesUpstreamStore) throw error
    },
    settle: async spent => {
      if (spent > 0) await getLedger().acquire(ticket, spent)
      return spent
    },
  })

  /** Cached answers stay available at an upstream's limit, but not at a holder's: here every call counts. */
  const refuse = (refusal: Refusal): AppError => {
    const hint =
      refusal.reason === 'credits'
        ? 'Wait until then, or ask the operator of this server for a larger tier. Cached answers remain available.'
        : 'Call again then. Every call counts towards the rate, even one answered from the cache.'
    return new AppError({ ...partsOf(refusalError(plan, refusal, clock.now())), hint })
  }

  const account: Account = { plan, admit, usage: async () => getLedger().usage() }
  const close = async (): Promise<void> => {
    const closing = ledger
    ledger = undefined
    await closing?.close()
  }
  return { account, isIdle: () => openCalls === 0, close }
}

/** The rate of calls that no ledger counts. @returns `take`: 0, or the milliseconds until the next call may go on. */
function createUncountedRate(callsPerMinute: number | null, clock: Clock) {
  let times: number[] = []
  return {
    take(): number {
      if (callsPerMinute === null) return 0
      const now = clock.monotonic()
      times = times.filter(time => time > now - WINDOW_MS)
      const [oldest] = times
      if (oldest !== undefined && times.length >= callsPerMinute) return oldest + WINDOW_MS - now
      times.push(now)
      return 0
    },
  }
}
