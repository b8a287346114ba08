/** How long one call may still wait, over all its attempts, and progress reports to its caller meanwhile. */
import type { Clock } from '../../time/clock.ts'
import { limitTime } from '../../time/deadline.ts'
import type { Plan } from '../ledger/allowance.ts'
import { refusalError } from '../ledger/refusal.ts'

/** Short enough for hosts that extend their time-out on progress. */
const PROGRESS_EVERY_MS = 5_000

export interface WaitProgress {
  /** Expected wait from now. */
  retryAfterMs: number
}

export interface PatienceOptions {
  clock: Clock
  plan: Plan
  maxWaitMs: number
  signal: AbortSignal
  onWaiting: (news: WaitProgress) => void
}

export interface Patience {
  /** Aborts when the caller cancels, and with an AppError `rate_limited` when the patience runs out. */
  readonly signal: AbortSignal
  /** The call starts to wait: progress is reported every 5 s. */
  start(): void
  /** Sets the expected wait, and reports it at once if nothing was reported yet. */
  expect(delayMs: number): void
  /** The call no longer waits, so progress reports stop. */
  stop(): void
  leftMs(): number
  end(): void
}

/** The patience starts running out now. */
export function createPatience({ clock, plan, maxWaitMs, signal, onWaiting }: PatienceOptions): Patience {
  const deadline = clock.monotonic() + maxWaitMs
  let opensAt = clock.monotonic()
  let wasReported = false
  let stopTimer: (() => void) | undefined

  const delayMs = (): number => Math.max(0, Math.ceil(opensAt - clock.monotonic()))
  const start = (): void => {
    stopTimer?.()
    stopTimer = clock.setTimer(report, PROGRESS_EVERY_MS)
  }
  const report = (): void => {
    start()
    wasReported = true
    onWaiting({ retryAfterMs: delayMs() })
  }
  const stop = (): void => {
    stopTimer?.()
    wasReported = false
  }
  const limit = limitTime(maxWaitMs, signal, {
    reasonOf: () => refusalError(plan, { reason: 'rate', retryAfterMs: delayMs() }, clock.now()),
    setTimer: clock.setTimer,
  })

  return {
    signal: limit.signal,
    start,
    expect(delay) {
      opensAt = clock.monotonic() + delay
      if (!wasReported) report()
    },
    stop,
    leftMs: () => Math.max(0, deadline - clock.monotonic()),
    end() {
      stop()
      limit.forget()
    },
  }
}
