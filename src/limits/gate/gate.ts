/**
 * The one place where a paid call meets its limits: it waits, goes out, is settled, and is tried again where the
 * upstream allows that.
 */
import { AppError, partsOf, throwIfAborted } from '../../errors.ts'
import type { Fetched } from '../../offers/results/fetched.ts'
import type { LedgerUsage } from '../../offers/results/usage.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { sleep, systemClock } from '../../time/clock.ts'
import { linkSignals } from '../../time/deadline.ts'
import { type AdmissionOptions, createAdmission } from './admission.ts'
import { type CallReport, type Reported, reportOf } from './call-report.ts'
import { createPatience, type WaitProgress } from './patience.ts'
import { createRecentUsage } from './recent-usage.ts'
import { type RetryPolicy, retryDelayMs } from './retry.ts'

/** Calls on the wire at once unless said otherwise, which is also how many connections are kept to an upstream. */
export const DEFAULT_CONNECTIONS = 8

export interface GateOptions extends Omit<AdmissionOptions, 'connections' | 'clock'> {
  retries: RetryPolicy
  /** Default {@link DEFAULT_CONNECTIONS}. */
  connections?: number
  /** Default: the machine's own. */
  clock?: AdmissionOptions['clock']
  /** A number from 0 (with) to 1 (without). Default `Math.random`. */
  random?: () => number
}

export interface RunOptions {
  /** What the call is expected to cost. Default 1. */
  credits?: number
  /** Ends the wait. A call that is on the wire goes on: it is paid by then, and its answer can be kept for whoever asks next. */
  signal?: AbortSignal
  /** Milliseconds from now after which the call waits no more, not for the limit and not for another try. Default {@link CALL_BUDGET}. */
  maxWaitMs?: number | undefined
  /** Told when the call has to wait, then every 5 s. */
  onWaiting?: (news: WaitProgress) => void
}

/** Makes one request. Throws CallError so that the gate knows what happened on the wire. `signal` aborts when the gate closes. */
export type WireCall<T> = (signal: AbortSignal) => Promise<Reported<T>>

/** The gate of one API key. */
export interface Gate {
  /**
   * Makes a call as soon as the limits let it.
   * @throws AppError `rate_limited` with `retryAfterMs` (at once where the wait is known to be too long), `credits_exhausted`, `store_unavailable`,
   * `cancelled`, or what the last try of `work` threw; `creditsSpent` is what all tries cost.
   */
  run<T>(work: WireCall<T>, options?: RunOptions): Promise<Fetched<T>>
  /** Where the key stands; `null` while degraded. @throws AppError `store_unavailable` (mode `closed`). */
  usage(): Promise<LedgerUsage | null>
  /** The same, as of a second ago at most; what this process spent is always in it. */
  recentUsage(): Promise<LedgerUsage | null>
  /** Whether calls go out without the ledger: credits are not counted, and other processes not seen. */
  readonly degraded: boolean
  /** Ends all calls, those on the wire too, and closes the ledger when they are settled. */
  close(): Promise<void>
}

/** Makes the gate of one API key; the ledger is opened at the first call. */
export function createGate(options: GateOptions): Gate {
  const clock = options.clock ?? systemClock
  const random = options.random ?? Math.random
  const admission = createAdmission({ ...options, clock, connections: options.connections ?? DEFAULT_CONNECTIONS })

  const recent = createRecentUsage(admission.usage, clock)

  /** Calls that are not done, each with what ends it at closing time. */
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
        const attempt = await attemptOf(work, closing)
        creditsSpent += await pass.settle(attempt.report)
        if (attempt.ok) return { value: attempt.value, creditsSpent, retrievedAt: clock.now(), staleBecause: null }
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

/** The error with what all tries cost; a bug's error stays as it is. */
function withCredits(error: unknown, creditsSpent: number): unknown {
  if (!(error instanceof AppError) || error.creditsSpent === creditsSpent) return error
  return new AppError({ ...partsOf(error), creditsSpent, cause: error })
}
