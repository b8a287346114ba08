/** The ledger on PostgreSQL: one account in a database shared by all machines. */
import { createHash } from 'node:crypto'
import type { Postgres, PostgresTables } from '../../../store/postgres.ts'
import { nullableNumberIn, numberIn, type Row } from '../../../store/row.ts'
import type { Clock } from '../../../time/clock.ts'
import type { Allowance } from '../allowance.ts'
import type { Grant, Ledger, Outcome, Refusal } from '../ledger.ts'
import { readRateState } from '../rate-state.ts'
import { afterLimited, type Facts, judge, judgeCredits, settlementOf, usageOf } from '../rules.ts'
import { LEDGER_SQL, POSTGRES_LEDGER_MIGRATIONS } from './sql.ts'

export interface PostgresLedgerOptions {
  postgres: Postgres
  /** See {@link accountName}. */
  account: string
  allowance: Allowance
  /** This process's clock; only used to detect that the database's clock was set. */
  clock: Clock
}

/**
 * Names an account by a hash of its secret.
 * @param kind separates our keys at an upstream from the keys we hand out.
 */
export function accountName(kind: 'upstream' | 'holder', secret: string): string {
  return `${kind}:${createHash('sha256').update(secret).digest('hex').slice(0, 32)}`
}

/**
 * Connects at the first call. A connection that breaks while a grant is written leaves either no trace or a recorded
 * call that was never sent and counts as spent.
 */
export function createPostgresLedger({ postgres, account, allowance, clock }: PostgresLedgerOptions): Ledger {
  const tables = postgres.tables('ledger', POSTGRES_LEDGER_MIGRATIONS)
  const time = createLedgerTime(clock)
  const inTurn = createTurns()
  const { callsPerMinute, creditsPerMonth, creditResetDay } = allowance
  const bounds = [callsPerMinute, creditResetDay]

  /** Creates the account if it is missing. */
  async function read(sql: typeof LEDGER_SQL.facts, more: readonly unknown[]): Promise<{ row: Row; facts: Facts }> {
    for (;;) {
      const [row] = await tables.query(sql, [account, time.least(), ...bounds, ...more])
      if (row === undefined) {
        await tables.query(LEDGER_SQL.open, [account])
        continue
      }
      const facts = factsOf(row)
      time.see(facts.now)
      return { row, facts }
    }
  }

  /** Judges again if another process changed the account meanwhile. That process was served, so the loop ends. */
  async function acquire(ticket: string, credits: number): Promise<Grant> {
    for (;;) {
      const { row, facts } = await read(LEDGER_SQL.facts, [ticket, creditsPerMonth !== null])
      const refusal = judge(allowance, facts, credits)
      if (refusal !== null) {
        if (refusal.reason === 'credits') await tables.query(LEDGER_SQL.leave, [account, ticket])
        else await tables.query(LEDGER_SQL.wait, [account, ticket, facts.now])
        return { granted: false, ...refusal }
      }
      const [call] = await tables.query(LEDGER_SQL.grant, [account, time.least(), row.version, ticket, credits])
      if (call !== undefined) return { granted: true, callId: numberIn(call, 'id') }
    }
  }

  async function reserve(callId: number, credits: number): Promise<Refusal | null> {
    for (;;) {
      const { row, facts } = await read(LEDGER_SQL.facts, ['', creditsPerMonth !== null])
      const refusal = judgeCredits(allowance, facts, credits)
      if (refusal !== null) return refusal
      const [turn] = await tables.query(LEDGER_SQL.reserve, [account, callId, row.version, credits])
      if (turn !== undefined) return null
    }
  }

  return {
    acquire: (ticket, credits) => inTurn(() => acquire(ticket, credits)),
    reserve: (callId, credits) => inTurn(() => reserve(callId, credits)),
    leave: async ticket => void (await tables.query(LEDGER_SQL.leave, [account, ticket])),
    settle: (callId, outcome) => settle({ tables, account, leastNow: time.least() }, callId, outcome),
    async usage() {
      const { row, facts } = await read(LEDGER_SQL.standing, [])
      return usageOf(allowance, facts, numberIn(row, 'live'))
    },
    // The pool belongs to the process and outlives the ledger.
    close: async () => undefined,
  }
}

interface SettleContext {
  tables: PostgresTables
  account: string
  leastNow: number | null
}

async function settle({ tables, account, leastNow }: SettleContext, callId: number, outcome: Outcome): Promise<void> {
  const settlement = settlementOf(outcome)
  if (settlement === null) {
    await tables.query(LEDGER_SQL.takeBack, [account, callId])
    return
  }
  const { state, slotMs, credits } = settlement
  const values = [account, callId, state, slotMs, credits]
  if (outcome.kind !== 'limited') {
    await tables.query(LEDGER_SQL.settle, values)
    return
  }
  await tables.transact(async query => {
    const [settled] = await query(LEDGER_SQL.settle, values)
    if (settled === undefined) return
    const [row] = await query(LEDGER_SQL.lock, [account, leastNow])
    if (row === undefined) return
    const { blockedUntil, spacing } = afterLimited(readRateState(row), outcome.retryAfterMs)
    await query(LEDGER_SQL.limit, [account, blockedUntil, spacing.steps, spacing.holdMs, spacing.learnedAt])
  })
}

function factsOf(row: Row): Facts {
  return {
    ...readRateState(row),
    wallNow: Math.floor(numberIn(row, 'wall')),
    ahead: numberIn(row, 'ahead'),
    roomEndsAt: nullableNumberIn(row, 'room_ends_at'),
    latestGrantAt: nullableNumberIn(row, 'latest_grant_at'),
    creditsUsed: numberIn(row, 'credits_used'),
    oldestChargedAt: nullableNumberIn(row, 'oldest_charged_at'),
  }
}

/** A lower bound of ledger time, by this process's own clock. */
function createLedgerTime(clock: Clock) {
  let seen: { ledgerMs: number; at: number } | null = null
  return {
    least: (): number | null => seen && seen.ledgerMs + clock.monotonic() - seen.at,
    see(ledgerMs: number): void {
      seen = { ledgerMs, at: clock.monotonic() }
    },
  }
}

/**
 * Runs an account's calls one after another: side by side they would only make each other judge again. A failure fails
 * all calls queued behind it, so an unreachable database is waited for once and not once per caller.
 */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work)
    last = mine
    const forget = (): void => {
      if (last === mine) last = Promise.resolve()
    }
    mine.then(forget, forget)
    return mine
  }
}
