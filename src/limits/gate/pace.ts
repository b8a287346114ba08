/** Pacing inside one process: p-throttle, without the edges that would send, hold or lose a call. */
import pThrottle from 'p-throttle'
import type { Clock } from '../../time/clock.ts'
import { LONGEST_SLOT_MS } from '../ledger/ledger.ts'
import { createWaitLine } from './queue.ts'

/** How far the wall clock must go back before it counts as set back rather than slewed. */
const SET_BACK_MS = 1_000

/** Lets callers through one by one. */
export interface Pace {
  /**
   * Waits for the caller's turn.
   * @throws AppError as `throwIfAborted` of errors.ts, as soon as `signal` aborts; the turn then goes to the next in line.
   */
  turn(signal: AbortSignal): Promise<void>
  /** How long somebody who joined now would wait at least, in milliseconds. */
  expectedMs(): number
  /** Ends its timers; who still waits is left to their signal. */
  close(): void
}

/** Smooths bursts in front of the ledger: a minute's calls go out over up to 15 s. `null` where there is no rate. */
export function createSmoothingPace(callsPerMinute: number | null, clock: Clock): Pace | null {
  return callsPerMinute === null ? null : createPace(Math.ceil(callsPerMinute / 15), 1_000, clock)
}

/** The whole limiter of a process that has no ledger: it counts when calls leave, so it allows for the way as well. `null` where there is no rate. */
export function createLonePace(callsPerMinute: number | null, clock: Clock): Pace | null {
  return callsPerMinute === null ? null : createPace(callsPerMinute, LONGEST_SLOT_MS, clock)
}

/**
 * p-throttle never takes a waiting call out, so what it throttles here is not a call but "let the first in line go": whoever gave up is not in line any
 * more. It also reads the wall clock, and would stand still for an hour once that is set back an hour: then a new one takes over.
 */
function createPace(limit: number, interval: number, clock: Clock): Pace {
  const line = createWaitLine()
  /** When the latest turns were given, at most `limit` of them, on the monotonic clock. */
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
