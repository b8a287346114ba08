import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { sleep, systemClock } from '../../src/time/clock.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

test('the monotonic clock is the same one in every process', () => {
  const before = systemClock.monotonic()
  const there = Number(execFileSync(process.execPath, ['-p', 'Number(process.hrtime.bigint()) / 1e6']).toString())
  expect(there).toBeGreaterThan(before)
  expect(there).toBeLessThan(systemClock.monotonic())
})

test('sleep ends in time, and leaves nothing behind when it is cut short', async () => {
  const clock = createVirtualClock()
  let awake = false
  const slept = sleep(clock, 1_000).then(() => {
    awake = true
  })
  await clock.advance(999)
  expect(awake).toBe(false)
  await clock.advance(1)
  await slept

  const caller = new AbortController()
  const cut = sleep(clock, 1_000, caller.signal)
  caller.abort()
  await expect(cut).rejects.toMatchObject({ code: 'cancelled' })
  await expect(sleep(clock, 1_000, caller.signal)).rejects.toMatchObject({ code: 'cancelled' })
  expect(clock.timers).toBe(0)
})
