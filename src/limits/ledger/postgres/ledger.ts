/** The ledger on PostgreSQL: one account of a database that all processes on all machines share. */
import { createHash } from 'node:crypto'
import type { Postgres, PostgresTables } from '../../../store/postgres.ts'
import { nullableNumberIn, numberIn, type Row } from '../../../store/row.ts'
import type { Clock } from '../../../time/clock.ts'
import type { Allowance } from '../allowance.ts'
import type { Grant, Ledger, Outcome, Refusal } from '../ledger.ts'
import { readRateState } from '../rate-state.ts'
import { afterLimited, type Facts, judge, judgeCredits, settlementOf, standing } from '../rules.ts'
import { LEDGER_SQL, POSTGRES_LEDGER_MIGRATIONS } from './sql.ts'

export interface PostgresLedgerOptions {
  postgres: Postgres
  /** Of {@link accountName}. */
  account: string
  allowance: Allowance
  /** Of this process; only used to tell whether somebody set the database's. */
  clock: Clock
}

/** Names an account so that the secret cannot be read from it. @param kind keeps our keys at an upstream apart from the holders of keys of ours. */
export function accountName(kind: 'upstream' | 'holder', secret: string): string {
  return `${kind}:${createHash('sha256').update(secret).digest('hex').slice(0, 32)}`
}

/**
 * Makes the ledger of one account; nothing is connected before the first call. A connection that breaks while a grant is written leaves either no
 * trace or a call on record that nobody was granted: it counts as spent, and nothing was sent.
 */
export function createPostgresLedger({ postgres, account, allowance, clock }: PostgresLedgerOptions): Ledger {
  const tables = postgres.tables('ledger', POSTGRES_LEDGER_MIGRATIONS)
  const time = createLedgerTime(clock)
  const inTurn = createTurns()
  const { callsPerMinute, creditsPerMonth, creditResetDay } = allowance
  const bounds = [callsPerMinute, creditResetDay]

  /** Reads one row of the account, which is made where it is missing. */
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

  /** Whoever judged by what another has changed meanwhile judges again: each time somebody else was served, so this comes to an end. */
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
      return standing(allowance, facts, numberIn(row, 'live'))
    },
    // The pool is the process's, and outlives the ledger.
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

/** Where ledger time is at least, by this process's own clock. */
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
 * Runs work one after another, for calls of one process on one account would only make each other judge again. Whoever waits behind a failure fails
 * with it: a database that is away is waited for once, not once for each caller.
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
