/** One call's patience: how long it may still wait, and reporting to its caller while it does. */
import type { Clock } from '../../time/clock.ts'
import { limitTime } from '../../time/deadline.ts'
import { type Plan, refusalError } from '../ledger/refusal.ts'

/** How often a waiting call tells its caller: hosts that extend their time-out on progress do so within this. */
const TELL_EVERY_MS = 5_000

/** Told to the caller of a call that waits. */
export interface WaitProgress {
  /** When the call can probably go out, in milliseconds from now. */
  retryAfterMs: number
}

export interface PatienceOptions {
  clock: Clock
  plan: Plan
  maxWaitMs: number
  signal: AbortSignal
  onWaiting: (news: WaitProgress) => void
}

/** The patience of one call, over all its tries. */
export interface Patience {
  /** Aborts when the caller gives up, and with an AppError `rate_limited` when patience ends. */
  readonly signal: AbortSignal
  /** The call waits from now on: its caller is told every 5 s. */
  start(): void
  /** It can go out in `delayMs`, as far as is known: its caller is told at once if this is news. */
  expect(delayMs: number): void
  /** It does not wait any more: its caller is told nothing. */
  stop(): void
  /** Milliseconds of patience left, 0 or more. */
  leftMs(): number
  /** Ends the timers. */
  end(): void
}

/** Makes the patience of a call, which begins to run out now. */
export function createPatience({ clock, plan, maxWaitMs, signal, onWaiting }: PatienceOptions): Patience {
  const deadline = clock.monotonic() + maxWaitMs
  let opensAt = clock.monotonic()
  let wasTold = false
  let stopTimer: (() => void) | undefined

  const delayMs = (): number => Math.max(0, Math.ceil(opensAt - clock.monotonic()))
  const start = (): void => {
    stopTimer?.()
    stopTimer = clock.setTimer(tell, TELL_EVERY_MS)
  }
  const tell = (): void => {
    start()
    wasTold = true
    onWaiting({ retryAfterMs: delayMs() })
  }
  const stop = (): void => {
    stopTimer?.()
    wasTold = false
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
      if (!wasTold) tell()
    },
    stop,
    leftMs: () => Math.max(0, deadline - clock.monotonic()),
    end() {
      stop()
      limit.forget()
    },
  }
}
