/** The gate of an API key: every paid call waits here for its limits, is sent, settled and, where allowed, retried. */
import { AppError, partsOf, throwIfAborted } from '../../errors.ts'
import { type Fetched, fetchedNow } from '../../offers/results/fetched.ts'
import type { LedgerUsage } from '../../offers/results/usage.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { sleep, systemClock } from '../../time/clock.ts'
import { linkSignals } from '../../time/deadline.ts'
import { type AdmissionOptions, createAdmission } from './admission.ts'
import { type CallReport, type Reported, reportOf, withPlausibleCharge } from './call-report.ts'
import { createPatience, type WaitProgress } from './patience.ts'
import { createRecentUsage } from './recent-usage.ts'
import { type RetryPolicy, retryDelayMs } from './retry.ts'

/** Also the number of connections kept open to an upstream. */
export const DEFAULT_CONNECTIONS = 8

export interface GateOptions extends Omit<AdmissionOptions, 'connections' | 'clock'> {
  retries: RetryPolicy
  connections?: number
  clock?: AdmissionOptions['clock']
  /** Returns a number from 0 (inclusive) to 1 (exclusive). Default `Math.random`. */
  random?: () => number
}

export interface RunOptions {
  /** Expected cost of the call. Default 1. */
  credits?: number
  /** Ends the wait. A call that has been sent continues: it is already paid for, and its answer can be cached. */
  signal?: AbortSignal
  /** How long the call may wait in total, for the limits and for retries. Default: see {@link CALL_BUDGET}. */
  maxWaitMs?: number | undefined
  /** Called when the call has to wait, then every 5 s. */
  onWaiting?: (news: WaitProgress) => void
  /** Called as each attempt goes out; what it returns is called with the credits that the attempt cost. */
  onSent?: () => (credits: number) => void
}

/** Sends one request. Throws CallError so that the gate knows what was sent. `signal` aborts when the gate closes. */
export type WireCall<T> = (signal: AbortSignal) => Promise<Reported<T>>

export interface Gate {
  /**
   * Makes a call as soon as the limits allow.
   * @throws AppError `rate_limited` with `retryAfterMs` (at once if the wait would be too long), `credits_exhausted`,
   * `store_unavailable`, `cancelled`, or the error of the last attempt; `creditsSpent` covers all attempts.
   */
  run<T>(work: WireCall<T>, options?: RunOptions): Promise<Fetched<T>>
  /** `null` while degraded. @throws AppError `store_unavailable` (mode `closed`). */
  usage(): Promise<LedgerUsage | null>
  /** The same, up to a second old; always includes what this process spent. */
  recentUsage(): Promise<LedgerUsage | null>
  /** Whether calls go out without the ledger: credits are not counted and other processes are ignored. */
  readonly degraded: boolean
  /** Aborts all calls, including those already sent, and closes the ledger once they are settled. */
  close(): Promise<void>
}

/** The ledger is opened at the first call. */
export function createGate(options: GateOptions): Gate {
  const clock = options.clock ?? systemClock
  const random = options.random ?? Math.random
  const admission = createAdmission({ ...options, clock, connections: options.connections ?? DEFAULT_CONNECTIONS })
  const recent = createRecentUsage(admission.usage, clock)
  const running = new Map<AbortController, Promise<unknown>>()

  function run<T>(work: WireCall<T>, runOptions: RunOptions = {}): Promise<Fetched<T>> {
    const closing = new AbortController()
    const paid = runUntil(closing.signal, work, runOptions)
    running.set(closing, paid)
    return paid.finally(() => {
      running.delete(closing)
      recent.forget()
    })
  }

  async function runUntil<T>(closing: AbortSignal, work: WireCall<T>, runOptions: RunOptions): Promise<Fetched<T>> {
    const { credits = 1, maxWaitMs = CALL_BUDGET.queue.callerMs, onWaiting = () => undefined } = runOptions
    const { signal, forget } = linkSignals(runOptions.signal, closing)
    const patience = createPatience({ clock, plan: options.plan, maxWaitMs, signal, onWaiting })
    let creditsSpent = 0
    try {
      throwIfAborted(signal)
      for (let retries = 0; ; retries++) {
        patience.start()
        const pass = await admission.enter(credits, patience)
        patience.stop()
        const takeCost = runOptions.onSent?.()
        const attempt = await attemptOf(work, closing)
        const cost = await pass.settle(withPlausibleCharge(attempt.report, credits, options.logger))
        takeCost?.(cost)
        creditsSpent += cost
        if (attempt.ok) return fetchedNow(attempt.value, clock.now(), creditsSpent)
        const delayMs = signal.aborted ? null : retryDelayMs(options.retries, attempt.report, retries, random())
        if (delayMs === null || delayMs > patience.leftMs()) throw attempt.error
        patience.expect(delayMs)
        await sleep(clock, delayMs, patience.signal)
      }
    } catch (error) {
      throw withCredits(error, creditsSpent)
    } finally {
      patience.end()
      forget()
    }
  }

  return {
    run,
    usage: admission.usage,
    recentUsage: recent.get,
    get degraded() {
      return admission.degraded
    },
    async close() {
      for (const closing of running.keys()) closing.abort()
      await Promise.allSettled(running.values())
      await admission.close()
    },
  }
}

type Attempt<T> = { ok: true; value: T; report: CallReport } | { ok: false; error: unknown; report: CallReport }

async function attemptOf<T>(work: WireCall<T>, signal: AbortSignal): Promise<Attempt<T>> {
  try {
    return { ok: true, ...(await work(signal)) }
  } catch (error) {
    return { ok: false, error, report: reportOf(error) }
  }
}

/** Adds the cost of all attempts to an AppError; an unexpected error stays as it is. */
function withCredits(error: unknown, creditsSpent: number): unknown {
  if (!(error instanceof AppError) || error.creditsSpent === creditsSpent) return error
  return new AppError({ ...partsOf(error), creditsSpent, cause: error })
}
