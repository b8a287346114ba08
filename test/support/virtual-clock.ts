import { vi } from 'vitest'
import type { Clock } from '../../src/time/clock.ts'

interface Timer {
  at: number
  order: number
  callback: () => void
  cancelled: boolean
}

/** A {@link Clock} that only moves when the test moves it. */
export interface VirtualClock extends Clock {
  /** Runs every timer due within `durationMs`, each after all effects of the previous one have settled. */
  advance(durationMs: number): Promise<void>
  /** Lets time pass without running timers, as if the process had slept. */
  pass(durationMs: number): void
  /** Sets the wall clock forward (back, if negative), but not the monotonic clock and timers. */
  setWall(byMs: number): void
  /** Restarts the machine after `offMs`: the monotonic clock starts at 0, and timers are gone. */
  restart(offMs: number): void
  /** Pending timers. */
  readonly timers: number
}

/** A day in the middle of a month. */
export const START_AT = Date.UTC(2026, 9, 14, 8)

/**
 * @param inexact by how many milliseconds a timer misses its time; real ones are up to 1 ms early and a few late.
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

/**
 * Makes `Date.now` and `setTimeout` follow the clock, because p-throttle uses them.
 * @returns a function that restores them.
 */
export function runGlobalsBy(clock: VirtualClock): () => void {
  vi.spyOn(Date, 'now').mockImplementation(clock.now)
  vi.stubGlobal('setTimeout', (callback: () => void, delayMs: number) =>
    Object.assign(clock.setTimer(callback, delayMs), { unref: () => undefined }),
  )
  vi.stubGlobal('clearTimeout', (cancel: (() => void) | undefined) => cancel?.())
  return () => {
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
  }
}

/** Waits until only timers are left: promise chains of any length end before a check phase. */
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
