/** Owns the ledger on SQLite: every answer is one immediate transaction on a file that all processes of a key share. */
import { whenFree } from '../store/busy.ts'
import { inTransaction, type SqliteDatabase, storeUnavailable } from '../store/sqlite.ts'
import type { Clock } from './clock.ts'
import { creditPeriodStart, creditsReturnAt } from './credit-period.ts'
import {
  type Allowance,
  type Grant,
  type Ledger,
  type LedgerUsage,
  LONGEST_SLOT_MS,
  MAX_BLOCK_MS,
  type Outcome,
  UPLINK_MARGIN_MS,
  WAITER_PATIENCE_MS,
  WINDOW_MS,
} from './ledger.ts'
import { type LedgerStatements, prepareLedger } from './ledger-sql.ts'
import { isSpaced, learnSpacing, type Spacing, spacingGapMs } from './spacing.ts'

/** Calls older than this count for nothing any more: two of the longest months. */
const KEEP_CALLS_MS = 62 * 86_400_000

/** What {@link createSqliteLedger} needs. */
export interface SqliteLedgerOptions {
  /** An open file with the schema of `LEDGER_MIGRATIONS`; the ledger closes it. */
  database: SqliteDatabase
  /** The file's name, for errors. */
  name: string
  allowance: Allowance
  clock: Clock
}

/** Makes the ledger of one key. Every method rejects with AppError `store_unavailable` where the file cannot be written. */
export function createSqliteLedger(options: SqliteLedgerOptions): Ledger {
  const { database, name } = options
  const book = createBook(prepareLedger(database), options.allowance, options.clock)
  const transact = async <T>(work: () => T): Promise<T> => {
    try {
      return await whenFree(() => inTransaction(database, work))
    } catch (error) {
      throw storeUnavailable(name, error)
    }
  }
  return {
    acquire: (ticket, credits) => transact(() => book.acquire(ticket, credits)),
    leave: ticket => transact(() => book.leave(ticket)),
    settle: (callId, outcome) => transact(() => book.settle(callId, outcome)),
    usage: () => transact(() => book.usage()),
    close: async () => database.close(),
  }
}

/** The row of `account` after the clock went on. */
interface Account {
  /** Ledger time: never goes back, whatever happens to the wall clock. */
  now: number
  blockedUntil: number
  spacing: Spacing
}

/** The ledger's rules; each function runs inside one transaction. */
function createBook(sql: LedgerStatements, allowance: Allowance, clock: Clock) {
  const { callsPerMinute, creditsPerMonth, creditResetDay } = allowance

  function tick(): Account {
    const row = sql.tick.get({ wall: clock.now(), monotonic: clock.monotonic() })
    const now = Number(row?.ledger_ms)
    sql.reapWaiters.run(now - WAITER_PATIENCE_MS)
    return {
      now,
      blockedUntil: Number(row?.blocked_until),
      spacing: {
        steps: Number(row?.spacing_steps),
        holdMs: Number(row?.spacing_hold_ms),
        learnedAt: Number(row?.spacing_learned),
      },
    }
  }

  /** Milliseconds until `credits` more can be spent; 0 = now. */
  function creditsWaitMs(credits: number): number {
    if (creditsPerMonth === null || creditsUsed() + credits <= creditsPerMonth) return 0
    const now = clock.now()
    return Math.max(1, (creditsReturn() ?? now + MAX_BLOCK_MS) - now)
  }

  function creditsUsed(): number {
    return Number(sql.creditsSince.get(creditPeriodStart(clock.now(), creditResetDay))?.value)
  }

  function creditsReturn(): number | null {
    const now = clock.now()
    const oldest = sql.oldestCharged.get(creditPeriodStart(now, creditResetDay))?.value
    return creditsReturnAt(now, creditResetDay, oldest === undefined ? null : Number(oldest))
  }

  /** The moment from which somebody with `ahead` waiters before them may call; `now` or earlier means now. */
  function opensAt({ now, blockedUntil, spacing }: Account, ahead: number): number {
    if (callsPerMinute === null) return blockedUntil
    const windowAt = windowOpensAt(now, ahead, callsPerMinute)
    if (!isSpaced(spacing, now)) return Math.max(blockedUntil, windowAt)
    const gapMs = spacingGapMs(spacing, callsPerMinute)
    const latest = sql.latestGrant.get()?.value
    const nextAt = latest === undefined ? now : Math.max(now, Number(latest) + gapMs)
    return Math.max(blockedUntil, windowAt, nextAt + ahead * gapMs)
  }

  /** Of the slots that last longest, `limit - ahead` may last at the moment of the call: the last of them to end makes room. */
  function windowOpensAt(now: number, ahead: number, limit: number): number {
    if (ahead >= limit) return now + Math.floor(ahead / limit) * LONGEST_SLOT_MS
    return Number(sql.slotEndFromLast.get(now, limit - ahead - 1)?.value ?? now)
  }

  function acquire(ticket: string, credits: number): Grant {
    const account = tick()
    const { now, blockedUntil } = account
    const creditsMs = creditsWaitMs(credits)
    if (creditsMs > 0) {
      sql.leave.run(ticket)
      return { granted: false, reason: 'credits', retryAfterMs: creditsMs }
    }
    const opens = opensAt(account, Number(sql.countAhead.get(ticket)?.value))
    if (opens > now) {
      sql.wait.run(ticket, now)
      const reason = blockedUntil >= opens ? 'blocked' : 'rate'
      return { granted: false, reason, retryAfterMs: Math.ceil(opens - now) }
    }
    sql.leave.run(ticket)
    sql.pruneCalls.run(now - KEEP_CALLS_MS)
    const row = sql.grant.get(clock.now(), now, now + LONGEST_SLOT_MS, credits)
    return { granted: true, callId: Number(row?.value) }
  }

  function settle(id: number, outcome: Outcome): void {
    if (outcome.kind === 'not_sent') {
      sql.takeBack.run(id)
      return
    }
    const slotMs =
      outcome.kind === 'unknown' ? LONGEST_SLOT_MS : WINDOW_MS + Math.min(outcome.headersAfterMs, UPLINK_MARGIN_MS)
    const credits = outcome.kind === 'unknown' ? null : (outcome.credits ?? (outcome.kind === 'limited' ? 0 : null))
    const { changes } = sql.settle.run({ id, state: outcome.kind, slotMs, credits })
    if (outcome.kind === 'limited' && changes > 0) block(outcome.retryAfterMs)
  }

  function block(retryAfterMs: number): void {
    const { now, spacing } = tick()
    sql.block.run(now + Math.min(Math.max(0, retryAfterMs), MAX_BLOCK_MS))
    // A longer wait than the window speaks of a daily or monthly limit: spacing calls would not have helped.
    if (retryAfterMs > WINDOW_MS) return
    const learned = learnSpacing(spacing, now)
    sql.learn.run(learned.steps, learned.holdMs, learned.learnedAt)
  }

  function usage(): LedgerUsage {
    const account = tick()
    const waiting = Number(sql.countWaiters.get()?.value)
    const used = creditsUsed()
    const evenlySpaced = isSpaced(account.spacing, account.now)
    const nextCallInMs = Math.max(0, Math.ceil(opensAt(account, waiting) - account.now))
    const slotsFree = callsPerMinute === null ? null : callsPerMinute - Number(sql.countLive.get(account.now)?.value)
    return {
      callsFree: nextCallInMs > 0 ? 0 : evenlySpaced ? 1 : slotsFree === null ? null : slotsFree - waiting,
      nextCallInMs,
      creditsUsed: used,
      creditsLeft: creditsPerMonth === null ? null : Math.max(0, creditsPerMonth - used),
      creditsResetAt: creditsReturn(),
      waiting,
      evenlySpaced,
    }
  }

  return { acquire, leave: (ticket: string): void => void sql.leave.run(ticket), settle, usage }
}
