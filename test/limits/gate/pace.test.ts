import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLonePace, createSmoothingPace, type Pace } from '../../../src/limits/gate/pace.ts'
import { createVirtualClock, runGlobalsBy, type VirtualClock } from '../../support/virtual-clock.ts'

let clock: VirtualClock
let restoreGlobals: () => void
beforeEach(() => {
  clock = createVirtualClock()
  restoreGlobals = runGlobalsBy(clock)
})
afterEach(() => restoreGlobals())

/** Asks for `count` turns and gives the list in which the times of those that came will be, in milliseconds from now. */
function ask(pace: Pace | null, count: number, signal?: AbortSignal): number[] {
  const startedAt = clock.monotonic()
  const times: number[] = []
  for (let turn = 0; turn < count; turn++) {
    pace?.turn(signal ?? new AbortController().signal).then(
      () => times.push(clock.monotonic() - startedAt),
      () => undefined,
    )
  }
  return times
}

describe('smoothing', () => {
  test.each([
    { callsPerMinute: 5, inTheFirstSecond: 1 },
    { callsPerMinute: 20, inTheFirstSecond: 2 },
    { callsPerMinute: 250, inTheFirstSecond: 17 },
  ])('lets $inTheFirstSecond of $callsPerMinute calls go at once', async ({ callsPerMinute, inTheFirstSecond }) => {
    const times = ask(createSmoothingPace(callsPerMinute, clock), callsPerMinute)
    await clock.advance(999)
    expect(times).toHaveLength(inTheFirstSecond)
    await clock.advance(20_000)
    expect(times).toHaveLength(callsPerMinute)
  })

  test('there is none without a rate limit', () => {
    expect(createSmoothingPace(null, clock)).toBeNull()
    expect(createLonePace(null, clock)).toBeNull()
  })

  test('a cancelled call passes its turn to the next in line', async () => {
    const pace = createSmoothingPace(5, clock)
    const first = ask(pace, 1)
    const quitter = new AbortController()
    const given = ask(pace, 1, quitter.signal)
    const behind = ask(pace, 1)
    quitter.abort()
    await clock.advance(1_000)
    expect({ first, given, behind }).toEqual({ first: [0], given: [], behind: [1_000] })
  })

  test('continues when the wall clock is set back an hour', async () => {
    const pace = createSmoothingPace(5, clock)
    const before = ask(pace, 2)
    await clock.advance(100)
    clock.setWall(-3_600_000)
    const after = ask(pace, 1)
    await clock.advance(3_000)
    expect([before.length, after.length]).toEqual([2, 1])
  })

  test('leaves no timer when closed', async () => {
    const pace = createSmoothingPace(5, clock)
    ask(pace, 3)
    await clock.advance(1)
    expect(clock.timers).toBe(2)
    pace?.close()
    expect(clock.timers).toBe(0)
  })
})

describe('alone', () => {
  test('never lets more than a minute’s calls go in any 60.6 s', async () => {
    const times = ask(createLonePace(5, clock), 40)
    await clock.advance(10 * 60_600)
    expect(times).toHaveLength(40)
    for (const [index, time] of times.slice(5).entries()) {
      expect(time - (times[index] ?? 0)).toBeGreaterThanOrEqual(60_600)
    }
  })

  test('knows how long the next one waits at least', async () => {
    const pace = createLonePace(5, clock)
    expect(pace?.expectedMs()).toBe(0)
    ask(pace, 5)
    await clock.advance(600)
    expect(pace?.expectedMs()).toBe(60_000)
    ask(pace, 5)
    expect(pace?.expectedMs()).toBe(120_600)
    await clock.advance(200_000)
    expect(pace?.expectedMs()).toBe(0)
  })
})
