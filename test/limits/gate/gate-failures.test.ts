import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AppError } from '../../../src/errors.ts'
import type { Ledger } from '../../../src/limits/ledger/ledger.ts'
import { ledgerUnavailable } from '../../../src/limits/ledger/sqlite/ledger.ts'
import { createLogger } from '../../../src/log.ts'
import { DamagedFile } from '../../../src/store/damage.ts'
import { createGateWorld, FREE, type GateWorld } from '../../support/gate-world.ts'

let world: GateWorld
beforeEach(() => {
  world = createGateWorld()
})
afterEach(async () => {
  expect(await world.end()).toBe(0)
})

describe('what each attempt cost', () => {
  test('is told once it is known, and nothing of an attempt that never went out', async () => {
    const gate = world.openGate()
    const costs: (number | 'sent')[] = []
    const onSent = () => {
      costs.push('sent')
      return (credits: number) => void costs.push(credits)
    }
    const failing = world.failing(
      () => world.answer(500),
      () => ({ kind: 'not_sent' }),
    )
    await world.outcomeWithin(5_000, gate, failing, { onSent })
    expect(costs).toEqual(['sent', 1, 'sent', 0])
    const leaving = new AbortController()
    leaving.abort()
    await world.outcomeWithin(100, gate, world.answering(), { onSent, signal: leaving.signal })
    expect(costs).toHaveLength(4)
    await world.outcomeWithin(
      5_000,
      gate,
      world.answering(() => world.answer(200, { creditsCharged: 3 })),
      { onSent },
    )
    expect(costs.slice(4)).toEqual(['sent', 3])
  })

  test('is not believed beyond a hundred times what was expected', async () => {
    const log: string[] = []
    const logger = createLogger({ level: 'warn', write: line => void log.push(line) })
    const allowance = { ...FREE, creditsPerMonth: 1_000 }
    const gate = world.openGate({ logger, plan: { name: 'test', allowance } }, allowance)
    for (const creditsCharged of [100, 101]) {
      const work = world.answering(() => world.answer(200, { creditsCharged }))
      const { value } = await world.outcomeWithin(5_000, gate, work)
      expect(value).toMatchObject({ creditsSpent: creditsCharged === 100 ? 100 : 1 })
    }
    expect((await gate.usage())?.creditsUsed).toBe(101)
    expect(log).toHaveLength(1)
    expect(log[0]).toContain('"expected":1,"stated":101')
  })
})

describe('trying again', () => {
  test('after a 500, once, and each try is counted', async () => {
    const gate = world.openGate()
    const { value } = await world.outcomeWithin(
      5_000,
      gate,
      world.failing(() => world.answer(500)),
    )
    expect(value).toMatchObject({ value: 'offers', creditsSpent: 2 })
    const { error } = await world.outcomeWithin(
      5_000,
      gate,
      world.failing(
        () => world.answer(500),
        () => world.answer(500),
      ),
    )
    expect(error).toMatchObject({ code: 'upstream_unavailable', message: 'It failed.', creditsSpent: 2 })
    expect((await gate.usage())?.creditsUsed).toBe(4)
  })

  test('after a failure before sending, at no cost', async () => {
    const gate = world.openGate()
    const { value } = await world.outcomeWithin(
      5_000,
      gate,
      world.failing(() => ({ kind: 'not_sent' })),
    )
    expect(value).toMatchObject({ value: 'offers', creditsSpent: 1 })
    expect((await gate.usage())?.creditsUsed).toBe(1)
  })

  test('after a 429, when its time has come', async () => {
    const gate = world.openGate()
    const work = world.failing(() => world.answer(429, { retryAfterMs: 13_000 }))
    const { value, afterMs } = await world.outcomeWithin(20_000, gate, work)
    expect(value).toMatchObject({ value: 'offers', creditsSpent: 1 })
    expect(afterMs).toBe(13_100)
  })

  test('not if its time exceeds the patience: then the failure itself is reported', async () => {
    const gate = world.openGate()
    const { error, afterMs } = await world.outcomeWithin(
      100,
      gate,
      world.failing(() => world.answer(429, { retryAfterMs: 30_000 })),
    )
    expect([error?.code, afterMs]).toEqual(['upstream_unavailable', 0])
    const next = await world.outcomeWithin(1_000, gate)
    expect(next.error).toMatchObject({
      code: 'rate_limited',
      message: expect.stringContaining('asked to wait'),
    })
  })

  test('not for a caller who is gone', async () => {
    const gate = world.openGate()
    const caller = new AbortController()
    const work = world.failing(() => {
      caller.abort()
      return world.answer(500)
    })
    const { error } = await world.outcomeWithin(5_000, gate, work, { signal: caller.signal })
    expect([error?.code, error?.creditsSpent, world.sent()]).toEqual(['upstream_unavailable', 1, 1])
  })
})

describe('a ledger that cannot be used', () => {
  const broken = (): Ledger => {
    throw new AppError({ code: 'store_unavailable', message: 'The disk is full.', hint: 'Make room.' })
  }

  test('refuses every call in mode "closed"', async () => {
    const gate = world.openGate({ openLedger: broken })
    expect((await world.outcomeWithin(100, gate)).error).toMatchObject({
      code: 'store_unavailable',
      message: 'The disk is full.',
    })
    await expect(gate.usage()).rejects.toMatchObject({ code: 'store_unavailable' })
    expect([world.sent(), gate.degraded]).toEqual([0, false])
  })

  test('is done without in mode "open", at the plan’s rate, and says so', async () => {
    const gate = world.openGate({ openLedger: broken, mode: 'open' })
    expect(gate.degraded).toBe(false)
    await world.useUp(gate)
    expect(gate.degraded).toBe(true)
    expect(await gate.usage()).toBeNull()
    const { error, afterMs } = await world.outcomeWithin(100, gate)
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: 50_600 })
    expect(afterMs).toBe(0)
    const caller = new AbortController()
    world.clock.setTimer(() => caller.abort(), 1_000)
    const options = { signal: caller.signal, maxWaitMs: 70_000 }
    expect((await world.outcomeWithin(60_600, gate, world.answering(), options)).error?.code).toBe('cancelled')
    expect(world.sent()).toBe(5)
  })

  test('is never done without if it is damaged', async () => {
    const damaged = (): Ledger => {
      throw ledgerUnavailable('ledger.db', new DamagedFile('row missing'))
    }
    const gate = world.openGate({ openLedger: damaged, mode: 'open' })
    expect((await world.outcomeWithin(100, gate)).error?.message).toContain('ledger.db in the data folder is damaged')
    expect([world.sent(), gate.degraded]).toEqual([0, false])
  })

  test('keeps the upstream’s time after a 429 all the same', async () => {
    const gate = world.openGate({ openLedger: broken, mode: 'open' })
    await world.outcomeWithin(
      100,
      gate,
      world.failing(() => world.answer(429, { retryAfterMs: 60_000 })),
    )
    expect((await world.outcomeWithin(100, gate)).error).toMatchObject({ code: 'rate_limited', retryAfterMs: 59_900 })
    expect(
      (await world.outcomeWithin(70_000, gate, world.answering(), { maxWaitMs: 70_000 })).afterMs,
    ).toBeGreaterThanOrEqual(59_800)
  })

  test('is used again once a call that it did not see cannot matter any more', async () => {
    let isBroken = true
    const openLedger = () => (isBroken ? broken() : world.fixture.open(FREE, world.clock))
    const gate = world.openGate({ openLedger, mode: 'open' })
    await world.useUp(gate, 1)
    isBroken = false
    await world.useUp(gate, 1)
    expect(gate.degraded).toBe(true)
    await world.clock.advance(60_600)
    await world.useUp(gate, 1)
    expect(gate.degraded).toBe(false)
    expect((await gate.usage())?.creditsUsed).toBe(1)
  })

  test('when settling fails, the call’s answer still comes', async () => {
    const openLedger = (): Ledger => ({
      ...world.fixture.open(FREE, world.clock),
      settle: async () => {
        throw new AppError({ code: 'store_unavailable', message: 'The disk is full.', hint: 'Make room.' })
      },
    })
    const gate = world.openGate({ openLedger })
    expect((await world.outcomeWithin(200, gate)).value).toMatchObject({ value: 'offers', creditsSpent: 1 })
    expect((await gate.usage())?.creditsUsed).toBe(1)
  })
})
