/** A gate over a ledger in memory, in virtual time, and calls that end as ordered. */

import { AppError } from '../../src/errors.ts'
import { CallError, type CallReport, type Reported } from '../../src/limits/gate/call-report.ts'
import { createGate, type Gate, type GateOptions, type RunOptions, type WireCall } from '../../src/limits/gate/gate.ts'
import type { Allowance } from '../../src/limits/ledger/allowance.ts'
import { createLogger } from '../../src/log.ts'
import { parse } from '../../src/upstreams/parse/upstream.ts'
import { createMemoryLedgerFixture } from './ledger-fixture.ts'
import { createVirtualClock, runGlobalsBy } from './virtual-clock.ts'

/** The default plan. */
export const FREE: Allowance = { callsPerMinute: 5, creditsPerMonth: 100, creditResetDay: 1 }

/** Empty while the call is running. */
export interface CallOutcome {
  value?: unknown
  error?: AppError
  /** Since its start. */
  afterMs?: number
}

export type GateWorld = ReturnType<typeof createGateWorld>

/** The globals follow its clock until it ends. */
export function createGateWorld() {
  const clock = createVirtualClock()
  const fixture = createMemoryLedgerFixture()
  const restoreGlobals = runGlobalsBy(clock)
  const gates: Gate[] = []
  let sent = 0

  const answer = (status: number, facts: { retryAfterMs?: number; creditsCharged?: number } = {}): CallReport => ({
    kind: 'answered',
    status,
    headersAtMs: clock.monotonic(),
    ...facts,
  })
  const takeTime = (ms: number): Promise<void> => new Promise(resolve => clock.setTimer(resolve, ms))

  /** A call that takes 100 ms by default and is answered. */
  const answering = (report: () => CallReport = () => answer(200), ms = 100): WireCall<string> => {
    return async () => {
      sent++
      await takeTime(ms)
      return { value: 'offers', report: report() }
    }
  }
  const call = answering()

  return {
    clock,
    fixture,
    answer,
    answering,
    /** Calls that reached the wire. */
    sent: () => sent,

    /** A call that fails at once with one report per attempt, and is then answered. */
    failing(...reports: (() => CallReport)[]): WireCall<string> {
      const left = [...reports]
      return async (signal): Promise<Reported<string>> => {
        const report = left.shift()
        if (report === undefined) return call(signal)
        sent++
        throw new CallError({ code: 'upstream_unavailable', message: 'It failed.', hint: 'Wait.' }, report())
      }
    },

    openGate(options: Partial<GateOptions> = {}, allowance = FREE): Gate {
      const gate = createGate({
        plan: { name: 'free tier', allowance },
        openLedger: () => fixture.open(allowance, clock),
        mode: 'closed',
        retries: parse.retries,
        clock,
        random: () => 0,
        logger: createLogger({ level: 'silent', write: () => undefined }),
        ...options,
      })
      gates.push(gate)
      return gate
    },

    /** Runs a call for `ms`. */
    async outcomeWithin(ms: number, gate: Gate, work = call, options: RunOptions = {}): Promise<CallOutcome> {
      const startedAt = clock.monotonic()
      const outcome: CallOutcome = {}
      gate.run(work, options).then(
        value => Object.assign(outcome, { value, afterMs: clock.monotonic() - startedAt }),
        (error: unknown) => Object.assign(outcome, { error, afterMs: clock.monotonic() - startedAt }),
      )
      await clock.advance(ms)
      if (outcome.error !== undefined && !(outcome.error instanceof AppError)) throw outcome.error
      return outcome
    },

    /** Makes calls and lets 10 s pass. */
    async useUp(gate: Gate, calls = 5): Promise<void> {
      const done = Promise.all(Array.from({ length: calls }, () => gate.run(call)))
      await clock.advance(10_000)
      await done
    },

    /** @returns timers that were left behind. */
    async end(): Promise<number> {
      for (const gate of gates) await gate.close()
      restoreGlobals()
      fixture.remove()
      return clock.timers
    },
  }
}
