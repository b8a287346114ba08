/** A day at the upstream in seconds: gates of several processes, one ledger, a network and an upstream's limiter, all in virtual time. */
import { AppError } from '../../src/errors.ts'
import { CallError } from '../../src/limits/gate/call-report.ts'
import { createGate, type Gate } from '../../src/limits/gate/gate.ts'
import { createLogger } from '../../src/log.ts'
import { createMemoryLedgerFixture } from '../support/ledger-fixture.ts'
import type { LimiterModel } from '../support/limiter-models.ts'
import { createVirtualClock, runGlobalsBy, type VirtualClock } from '../support/virtual-clock.ts'

export interface Simulation {
  callsPerMinute: number
  processes: number
  durationMs: number
  /** Every limiter judges every call; a call that one of them refuses is refused. */
  limiters: LimiterModel[]
  /** The part of all ways to and from the upstream that takes up to 800 ms instead of 5 to 50. Default 0. */
  lateWays?: number
}

export interface SimulationResult {
  /** Calls that the upstream let in. */
  served: number
  /** When each refused call arrived, from the start on. */
  refusedAt: number[]
  /** Calls served for each process. */
  servedBy: number[]
  /** The share of the allowance that was used. */
  share: number
}

/** Runs the simulation: every process calls again as soon as its last call is answered. */
export async function simulate(simulation: Simulation): Promise<SimulationResult> {
  const random = createRandom(simulation.callsPerMinute * 10 + simulation.processes)
  const clock = createVirtualClock(() => random() * 4 - 1)
  const restoreGlobals = runGlobalsBy(clock)
  const fixture = createMemoryLedgerFixture()
  const allowance = { callsPerMinute: simulation.callsPerMinute, creditsPerMonth: null, creditResetDay: null }
  const gates = Array.from({ length: simulation.processes }, () =>
    createGate({
      plan: { name: 'simulated plan', allowance },
      openLedger: () => fixture.open(allowance, clock),
      mode: 'closed',
      clock,
      random,
      retries: { byStatus: {} },
      logger: createLogger({ level: 'silent', write: () => undefined }),
    }),
  )
  try {
    return await drive(simulation, gates, clock, random)
  } finally {
    for (const gate of gates) await gate.close()
    restoreGlobals()
    fixture.remove()
  }
}

async function drive(
  { callsPerMinute, durationMs, limiters, lateWays = 0 }: Simulation,
  gates: Gate[],
  clock: VirtualClock,
  random: () => number,
): Promise<SimulationResult> {
  const startedAt = clock.monotonic()
  const servedBy = gates.map(() => 0)
  const refusedAt: number[] = []
  const travel = (): Promise<void> => new Promise(resolve => clock.setTimer(resolve, wayMs()))
  const wayMs = (): number => (lateWays > 0 && random() < lateWays ? random() * 800 : 5 + random() * 45)
  const callOnce = async () => {
    await travel()
    const at = clock.monotonic()
    const waits = limiters.map(limiter => limiter.judge(at)).filter(wait => wait !== null)
    await travel()
    const headersAtMs = clock.monotonic()
    if (waits.length === 0) return { value: null, report: { kind: 'answered', status: 200, headersAtMs } as const }
    refusedAt.push(at - startedAt)
    // Retry-After has whole seconds.
    const retryAfterMs = Math.ceil(Math.max(...waits) / 1_000) * 1_000
    const parts = { code: 'rate_limited', message: 'Refused.', hint: 'Wait.', retryAfterMs } as const
    throw new CallError(parts, { kind: 'answered', status: 429, headersAtMs, retryAfterMs })
  }
  const loops = gates.flatMap((gate, process) =>
    Array.from({ length: callersPerProcess(callsPerMinute, gates.length) }, async () => {
      while (clock.monotonic() - startedAt < durationMs) {
        try {
          await gate.run(callOnce, { maxWaitMs: 3_600_000 })
          servedBy[process] = (servedBy[process] ?? 0) + 1
        } catch (error) {
          if (!(error instanceof AppError) || error.code !== 'rate_limited') throw error
        }
      }
    }),
  )
  await clock.advance(durationMs + 120_000)
  await Promise.all(loops)
  const served = servedBy.reduce((sum, count) => sum + count, 0)
  return { served, refusedAt, servedBy, share: served / ((callsPerMinute * durationMs) / 60_000) }
}

/** Enough callers that there is always one who waits. */
function callersPerProcess(callsPerMinute: number, processes: number): number {
  return Math.ceil((0.5 + callsPerMinute / 125) / processes)
}

/** A small generator of numbers from 0 to 1 (mulberry32), so that a failing run can be run again. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
