/** The ledger on SQLite: each operation is one immediate transaction on a file shared by all processes of a key. */
import path from 'node:path'
import { AppError } from '../../../errors.ts'
import type { LedgerUsage } from '../../../offers/results/usage.ts'
import { whenFree } from '../../../store/busy.ts'
import { isDamage } from '../../../store/damage.ts'
import { numberIn, type Row } from '../../../store/row.ts'
import { inTransaction, type SqliteDatabase, withoutTrace } from '../../../store/sqlite.ts'
import { newestCopyName, storeUnavailable } from '../../../store/unavailable.ts'
import type { Clock } from '../../../time/clock.ts'
import type { Allowance } from '../allowance.ts'
import { creditPeriodStart } from '../credit-period.ts'
import { type Grant, type Ledger, LONGEST_SLOT_MS, type Outcome, type Refusal, WAITER_PATIENCE_MS } from '../ledger.ts'
import { readRateState } from '../rate-state.ts'
import {
  afterLimited,
  type Facts,
  judge,
  judgeCredits,
  KEEP_CALLS_MS,
  type RateState,
  roomIndex,
  settlementOf,
  usageOf,
} from '../rules.ts'
import { type LedgerStatements, prepareLedger } from './sql.ts'

export interface SqliteLedgerOptions {
  /** Migrated with `LEDGER_MIGRATIONS`; the ledger closes it. */
  database: SqliteDatabase
  /** For errors: its path, beside which its copies lie. */
  file: string
  allowance: Allowance
  clock: Clock
}

export function createSqliteLedger(options: SqliteLedgerOptions): Ledger {
  const { database, file } = options
  const operations = createOperations(prepareLedger(database), options.allowance, options.clock)
  const attempt = async <T>(work: () => T): Promise<T> => {
    try {
      return await whenFree(work)
    } catch (error) {
      throw ledgerUnavailable(file, error)
    }
  }
  const transact = <T>(work: () => T): Promise<T> => attempt(() => inTransaction(database, work))
  return {
    acquire: (ticket, credits) => transact(() => operations.acquire(ticket, credits)),
    reserve: (callId, credits) => transact(() => operations.reserve(callId, credits)),
    leave: ticket => transact(() => operations.leave(ticket)),
    settle: (callId, outcome) => transact(() => operations.settle(callId, outcome)),
    // The rollback also undoes the clock's tick; the next one makes up for it.
    usage: () => attempt(() => withoutTrace(database, operations.usage)),
    close: async () => database.close(),
  }
}

/** Unlike a ledger that cannot be written, a damaged one is never done without: its credits could be spent twice. */
export function ledgerUnavailable(file: string, cause: unknown): AppError {
  if (!isDamage(cause)) return cause instanceof AppError ? cause : storeUnavailable(file, cause)
  const name = path.basename(file)
  const copy = newestCopyName(file)
  const from = copy === null ? 'There is no copy of it.' : `Its newest copy is ${copy}.`
  return new AppError({
    code: 'store_unavailable',
    message: `The ledger ${name} in the data folder is damaged or missing: credits cannot be counted, so no paid call is sent.`,
    hint: `${from} Run mcp-1688 ledger restore ${name} --used N, where N is the credits used this month (your account at the upstream shows them). Cached replies and the catalogue still answer.`,
    cause,
  })
}

/** Each function runs inside a transaction. */
function createOperations(sql: LedgerStatements, allowance: Allowance, clock: Clock) {
  const { callsPerMinute, creditsPerMonth, creditResetDay } = allowance

  function tick(): RateState {
    const state = readRateState(sql.tick.get({ wall: clock.now(), monotonic: clock.monotonic() }))
    sql.reapWaiters.run(state.now - WAITER_PATIENCE_MS)
    return state
  }

  /** @param countsCredits whether to add up the month's credits, which only a limit or a report needs. */
  function gather(ahead: number, state: RateState, countsCredits = creditsPerMonth !== null): Facts {
    const wallNow = clock.now()
    const since = creditPeriodStart(wallNow, creditResetDay)
    const index = callsPerMinute === null ? 0 : roomIndex(callsPerMinute, ahead)
    return {
      ...state,
      wallNow,
      ahead,
      roomEndsAt: valueIn(sql.slotEndFromLast.get(state.now, index)),
      latestGrantAt: valueIn(sql.latestGrant.get()),
      creditsUsed: countsCredits ? numberIn(sql.creditsSince.get(since), 'value') : 0,
      oldestChargedAt: valueIn(sql.oldestCharged.get(since)),
    }
  }

  function acquire(ticket: string, credits: number): Grant {
    const state = tick()
    const facts = gather(numberIn(sql.countAhead.get(ticket), 'value'), state)
    const refusal = judge(allowance, facts, credits)
    if (refusal !== null && refusal.reason !== 'credits') sql.wait.run(ticket, facts.now)
    else sql.leave.run(ticket)
    if (refusal !== null) return { granted: false, ...refusal }
    sql.pruneCalls.run(facts.now - KEEP_CALLS_MS)
    const row = sql.grant.get(facts.wallNow, facts.now, facts.now + LONGEST_SLOT_MS, credits)
    return { granted: true, callId: numberIn(row, 'value') }
  }

  function reserve(id: number, credits: number): Refusal | null {
    const refusal = judgeCredits(allowance, gather(0, tick()), credits)
    if (refusal === null) sql.reserve.run(credits, id)
    return refusal
  }

  function settle(id: number, outcome: Outcome): void {
    const settlement = settlementOf(outcome)
    if (settlement === null) {
      sql.takeBack.run(id)
      return
    }
    const { changes } = sql.settle.run({ id, ...settlement })
    if (outcome.kind !== 'limited' || changes === 0) return
    const { blockedUntil, spacing } = afterLimited(tick(), outcome.retryAfterMs)
    sql.limit.run(blockedUntil, spacing.steps, spacing.holdMs, spacing.learnedAt)
  }

  function usage(): LedgerUsage {
    const state = tick()
    const facts = gather(numberIn(sql.countWaiters.get(), 'value'), state, true)
    return usageOf(allowance, facts, numberIn(sql.countLive.get(facts.now), 'value'))
  }

  return { acquire, reserve, leave: (ticket: string): void => void sql.leave.run(ticket), settle, usage }
}

function valueIn(row: Row | undefined): number | null {
  return row === undefined ? null : numberIn(row, 'value')
}
