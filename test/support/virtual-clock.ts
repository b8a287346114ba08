/** Time in tests: a clock whose hours pass in seconds, with timers as inexact as real ones. */
import { vi } from 'vitest'
import type { Clock } from '../../src/time/clock.ts'

interface Timer {
  at: number
  order: number
  callback: () => void
  cancelled: boolean
}

/** A {@link Clock} that only moves when told to. */
export interface VirtualClock extends Clock {
  /** Runs every timer that is due within `durationMs`, each after all that the one before set off has settled. */
  advance(durationMs: number): Promise<void>
  /** Lets time pass without running timers, as if the process had slept. */
  pass(durationMs: number): void
  /** Sets the wall clock forward (or back, if negative); the monotonic clock and timers do not notice. */
  setWall(byMs: number): void
  /** As if the machine had been restarted after `offMs`: the monotonic clock starts at 0. Timers are gone. */
  restart(offMs: number): void
  /** Timers that wait. */
  readonly timers: number
}

/** A day in the middle of a month. */
export const START_AT = Date.UTC(2026, 9, 14, 8)

/**
 * Makes a virtual clock.
 * @param inexact how much a timer misses its time, in milliseconds; real ones are up to 1 ms early and a few late.
 */
export function createVirtualClock(inexact: () => number = () => 0): VirtualClock {
  let monotonic = 1_000_000
  let wallOffset = START_AT - monotonic
  let order = 0
  const heap: Timer[] = []

  return {
    now: () => Math.floor(monotonic + wallOffset),
    monotonic: () => monotonic,
    setTimer(callback, delayMs) {
      const timer = { at: monotonic + Math.max(1, delayMs + inexact()), order: order++, callback, cancelled: false }
      push(heap, timer)
      return () => {
        timer.cancelled = true
      }
    },
    async advance(durationMs) {
      const end = monotonic + durationMs
      await settled()
      for (let next = heap[0]; next !== undefined && next.at <= end; next = heap[0]) {
        pop(heap)
        if (next.cancelled) continue
        monotonic = Math.max(monotonic, next.at)
        next.callback()
        await settled()
      }
      monotonic = end
    },
    pass(durationMs) {
      monotonic += durationMs
    },
    setWall(byMs) {
      wallOffset += byMs
    },
    restart(offMs) {
      wallOffset += monotonic + offMs
      monotonic = 0
      heap.length = 0
    },
    get timers() {
      return heap.filter(timer => !timer.cancelled).length
    },
  }
}

/** Makes `Date.now` and `setTimeout` follow the clock, for p-throttle, which knows no other. @returns puts them back. */
export function runGlobalsBy(clock: VirtualClock): () => void {
  vi.spyOn(Date, 'now').mockImplementation(clock.now)
  vi.stubGlobal('setTimeout', (callback: () => void, delayMs: number) => clock.setTimer(callback, delayMs))
  vi.stubGlobal('clearTimeout', (cancel: (() => void) | undefined) => cancel?.())
  return () => {
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
  }
}

/** Waits until nothing is left to do but timers: promise chains, however long, end before a check phase. */
function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

const isBefore = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

function push(heap: Timer[], timer: Timer): void {
  let at = heap.push(timer) - 1
  while (at > 0) {
    const up = (at - 1) >> 1
    const parent = heap[up]
    if (parent === undefined || !isBefore(timer, parent)) break
    heap[at] = parent
    heap[up] = timer
    at = up
  }
}

function pop(heap: Timer[]): void {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  let at = 0
  for (;;) {
    const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]]
    if (left === undefined) break
    const [child, below] = right !== undefined && isBefore(right, left) ? [right, 2 * at + 2] : [left, 2 * at + 1]
    if (!isBefore(child, last)) break
    heap[at] = child
    at = below
  }
  heap[at] = last
}
