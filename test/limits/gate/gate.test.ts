import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CallError, type Reported } from '../../../src/limits/gate/call-report.ts'
import type { Ledger } from '../../../src/limits/ledger/ledger.ts'
import { createGateWorld, FREE, type GateWorld } from '../../support/gate-world.ts'

const GONE = { code: 'upstream_unavailable', message: 'Gone.', hint: 'Wait.' } as const

let world: GateWorld
beforeEach(() => {
  world = createGateWorld()
})
afterEach(async () => {
  expect(await world.end()).toBe(0)
})

describe('a call', () => {
  test('goes out at once, costs a credit, and its slot lasts from its headers on', async () => {
    const gate = world.openGate()
    expect(await world.outcomeWithin(200, gate)).toMatchObject({
      value: { value: 'offers', creditsSpent: 1 },
      afterMs: 100,
    })
    expect(await gate.usage()).toMatchObject({ creditsUsed: 1, callsFree: 4 })
    await world.clock.advance(59_899)
    expect((await gate.usage())?.callsFree).toBe(4)
    await world.clock.advance(1)
    expect((await gate.usage())?.callsFree).toBe(5)
  })

  test('costs what the upstream says it charged', async () => {
    const gate = world.openGate()
    const work = world.answering(() => world.answer(200, { creditsCharged: 7 }))
    expect((await world.outcomeWithin(100, gate, work)).value).toMatchObject({ value: 'offers', creditsSpent: 7 })
    expect((await gate.usage())?.creditsUsed).toBe(7)
  })

  test('that fails for an unknown reason counts as spent and is not repeated', async () => {
    const gate = world.openGate()
    let tries = 0
    const work = async (): Promise<Reported<string>> => {
      tries++
      throw new TypeError('a bug')
    }
    await expect(gate.run(work)).rejects.toThrow(new TypeError('a bug'))
    expect(tries).toBe(1)
    expect((await gate.usage())?.creditsUsed).toBe(1)
  })

  test('that is on the wire continues when its caller leaves: it is paid for, and its answer can be cached', async () => {
    const gate = world.openGate()
    const caller = new AbortController()
    world.clock.setTimer(() => caller.abort(), 50)
    const { value } = await world.outcomeWithin(200, gate, world.answering(), { signal: caller.signal })
    expect(value).toMatchObject({ value: 'offers', creditsSpent: 1 })
  })

  test('ends with the gate, on the wire or waiting, and is settled before', async () => {
    const gate = world.openGate({}, { ...FREE, callsPerMinute: 1 })
    const onTheWire = gate.run(
      signal =>
        new Promise<Reported<string>>((_, reject) => {
          signal.addEventListener('abort', () => reject(new CallError(GONE, { kind: 'not_sent' })))
        }),
    )
    await world.clock.advance(10)
    const waiting = gate.run(world.answering(), { maxWaitMs: 90_000 })
    const ends = Promise.allSettled([onTheWire, waiting])
    await world.clock.advance(10)
    await gate.close()
    expect(await ends).toMatchObject([{ reason: { message: 'Gone.' } }, { reason: { code: 'cancelled' } }])
    const next = world.openGate()
    expect(await next.usage()).toMatchObject({ creditsUsed: 0, waiting: 0 })
  })

  test('takes a permit before the grant: a slot is never held by a call that waits for a connection', async () => {
    const gate = world.openGate({ connections: 2 })
    const all = Promise.all(
      Array.from({ length: 3 }, () => gate.run(world.answering(undefined, 30_000), { maxWaitMs: 60_000 })),
    )
    await world.clock.advance(20_000)
    expect(world.sent()).toBe(2)
    expect((await gate.usage())?.creditsUsed).toBe(2)
    await world.clock.advance(60_000)
    await all
  })
})

describe('waiting', () => {
  test('reports to its caller at once, then every 5 s, and ends with the call', async () => {
    const gate = world.openGate()
    await world.useUp(gate)
    await world.clock.advance(36_000)
    const news: [number, number][] = []
    const startedAt = world.clock.monotonic()
    const onWaiting = ({ retryAfterMs }: { retryAfterMs: number }) =>
      news.push([world.clock.monotonic() - startedAt, retryAfterMs])
    const { afterMs } = await world.outcomeWithin(20_000, gate, world.answering(), { onWaiting })
    // The first call's headers came 100 ms after the start, 46 s ago.
    expect(afterMs).toBe(14_200)
    expect(news).toEqual([
      [0, 14_100],
      [5_000, 9_100],
      [10_000, 4_100],
    ])
  })

  test('is refused at once if it would wait longer than its patience', async () => {
    const gate = world.openGate()
    await world.useUp(gate)
    const { error, afterMs } = await world.outcomeWithin(100, gate)
    expect(afterMs).toBe(0)
    expect(error).toMatchObject({
      code: 'rate_limited',
      message: expect.stringMatching(
        /^The limit of the free tier \(5 calls a minute\) is reached; the next call can go out in 51 s \(\d\d:\d\d:\d\d UTC\)\.$/,
      ),
      hint: expect.stringMatching(
        /^Call again in 51 s; until then get_product_details .* search_by_image .* at no cost\.$/,
      ),
      retryable: true,
      retryAfterMs: 50_100,
      creditsSpent: 0,
    })
    expect((await gate.usage())?.waiting).toBe(0)
    expect((await world.outcomeWithin(60_000, gate, world.answering(), { maxWaitMs: 60_000 })).afterMs).toBe(50_100)
  })

  test('for a permit ends with patience', async () => {
    const gate = world.openGate({ connections: 1 })
    const hung = gate.run(world.answering(undefined, 40_000))
    const { error, afterMs } = await world.outcomeWithin(30_000, gate)
    expect([error?.code, afterMs]).toEqual(['rate_limited', 25_000])
    await world.clock.advance(20_000)
    await hung
  })

  test('that is cancelled leaves the queue and costs nothing', async () => {
    const gate = world.openGate()
    await world.useUp(gate)
    await world.clock.advance(36_000)
    const caller = new AbortController()
    world.clock.setTimer(() => caller.abort(), 3_000)
    const { error, afterMs } = await world.outcomeWithin(20_000, gate, world.answering(), { signal: caller.signal })
    expect([error?.code, afterMs]).toEqual(['cancelled', 3_000])
    expect(world.sent()).toBe(5)
    expect(await gate.usage()).toMatchObject({ creditsUsed: 5, waiting: 0 })
  })

  test('a caller who is gone already is not heard', async () => {
    const gate = world.openGate()
    const { error } = await world.outcomeWithin(10, gate, world.answering(), { signal: AbortSignal.abort() })
    expect([error?.code, world.sent()]).toEqual(['cancelled', 0])
  })

  test('a call that is cancelled as it is granted is not sent and gives everything back', async () => {
    const caller = new AbortController()
    const openLedger = (): Ledger => {
      const ledger = world.fixture.open(FREE, world.clock)
      const acquire: Ledger['acquire'] = async (ticket, credits) => {
        const grant = await ledger.acquire(ticket, credits)
        caller.abort()
        return grant
      }
      return { ...ledger, acquire }
    }
    const gate = world.openGate({ openLedger })
    const { error } = await world.outcomeWithin(100, gate, world.answering(), { signal: caller.signal })
    expect([error?.code, world.sent()]).toEqual(['cancelled', 0])
    expect(await gate.usage()).toMatchObject({ creditsUsed: 0, callsFree: 5 })
  })

  test('for credits is never done', async () => {
    const gate = world.openGate({}, { ...FREE, creditsPerMonth: 1 })
    await world.useUp(gate, 1)
    const { error, afterMs } = await world.outcomeWithin(5_000, gate)
    expect(afterMs).toBeLessThanOrEqual(1_000)
    expect(error).toMatchObject({
      code: 'credits_exhausted',
      retryable: false,
      message: "The month's credits of the free tier (1) are used up; they reset on 2026-11-01 00:00 UTC.",
    })
  })

  test.each([null, 1])(
    'with 0 credits a month, the error names the setting and no time (reset day %j)',
    async creditResetDay => {
      const gate = world.openGate({}, { ...FREE, creditsPerMonth: 0, creditResetDay })
      const { error } = await world.outcomeWithin(100, gate)
      expect(error).toMatchObject({
        code: 'credits_exhausted',
        retryable: false,
        message: expect.stringMatching(
          /^MCP1688_CREDITS_PER_MONTH is 0, so no credits may be spent: set it to .* or remove it/,
        ),
        hint: expect.stringMatching(/^Without credits, get_product_details .* search_by_image .* at no cost\.$/),
        retryAfterMs: undefined,
      })
      expect(world.sent()).toBe(0)
    },
  )
})
