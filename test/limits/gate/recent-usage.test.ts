import { expect, test } from 'vitest'
import { createRecentUsage } from '../../../src/limits/gate/recent-usage.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

test('the ledger is asked once a second, after every spending, and again after it failed', async () => {
  const clock = createVirtualClock()
  let asked = 0
  let isBroken = false
  const read = async () => {
    asked++
    if (isBroken) throw new Error('the disk is gone')
    return null
  }
  const recent = createRecentUsage(read, clock)
  await Promise.all([recent.get(), recent.get()])
  clock.pass(999)
  await recent.get()
  expect(asked).toBe(1)
  clock.pass(1)
  await recent.get()
  expect(asked).toBe(2)
  recent.forget()
  isBroken = true
  await expect(recent.get()).rejects.toThrow('the disk is gone')
  await expect(recent.get()).rejects.toThrow('the disk is gone')
  expect(asked).toBe(4)
})
