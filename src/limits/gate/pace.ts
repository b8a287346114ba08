/** Paces calls within one process: p-throttle plus cancellation and protection against clock changes. */
import pThrottle from 'p-throttle'
import type { Clock } from '../../time/clock.ts'
import { LONGEST_SLOT_MS } from '../ledger/ledger.ts'
import { createWaitLine } from './queue.ts'

/** A smaller step back is clock drift being corrected. */
const SET_BACK_MS = 1_000

export interface Pace {
  /**
   * Waits for the caller's turn. If `signal` aborts, the turn goes to the next in line.
   * @throws AppError as {@link throwIfAborted} does.
   */
  turn(signal: AbortSignal): Promise<void>
  /** The least time a caller joining now would wait, in milliseconds. */
  expectedMs(): number
  /** Stops the timers; callers still waiting end when their signal aborts. */
  close(): void
}

/** Spreads a minute's calls over up to 15 s before they reach the ledger. `null` without a rate limit. */
export function createSmoothingPace(callsPerMinute: number | null, clock: Clock): Pace | null {
  return callsPerMinute === null ? null : createPace(Math.ceil(callsPerMinute / 15), 1_000, clock)
}

/**
 * The only rate limiter of a process without a ledger. It counts when calls leave rather than when they arrive, hence
 * the longer window. `null` without a rate limit.
 */
export function createLonePace(callsPerMinute: number | null, clock: Clock): Pace | null {
  return callsPerMinute === null ? null : createPace(callsPerMinute, LONGEST_SLOT_MS, clock)
}

/**
 * p-throttle cannot cancel a waiting call, so it throttles "release the first in line" instead, and a cancelled call
 * simply leaves the line. It also reads the wall clock and would stall for an hour if that is set back by an hour, so
 * it is then replaced.
 */
function createPace(limit: number, interval: number, clock: Clock): Pace {
  const line = createWaitLine()
  /** Monotonic times of the latest turns, at most `limit`. */
  const turns: number[] = []
  let lastSeen = clock.now()
  let throttle = startThrottle()

  function startThrottle() {
    const stop = new AbortController()
    const letOneGo = pThrottle({ limit, interval, strict: true, signal: stop.signal })(async () => line.callFirst())
    return {
      queueTurn: (): void => void letOneGo().catch(() => undefined),
      stop: (): void => stop.abort(),
    }
  }

  function restartIfSetBack(): void {
    const now = clock.now()
    if (now < lastSeen - SET_BACK_MS) {
      throttle.stop()
      throttle = startThrottle()
      for (let waiting = line.length; waiting > 0; waiting--) throttle.queueTurn()
    }
    lastSeen = now
  }

  return {
    async turn(signal) {
      restartIfSetBack()
      const turn = line.join(signal)
      throttle.queueTurn()
      await turn
      turns.push(clock.monotonic())
      if (turns.length > limit) turns.shift()
    },
    expectedMs() {
      const ahead = line.length
      const oldest = turns[ahead % limit]
      if (turns.length < limit || oldest === undefined) return 0
      return Math.max(0, oldest + interval * (1 + Math.floor(ahead / limit)) - clock.monotonic())
    },
    close: () => throttle.stop(),
  }
}
