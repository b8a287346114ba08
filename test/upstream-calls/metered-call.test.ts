import { expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { DETAILS_POLICY, SEARCH_POLICY } from '../../src/cache/policy.ts'
import { createReplyCache } from '../../src/cache/reply-cache.ts'
import type { Gate } from '../../src/limits/gate/gate.ts'
import { systemClock } from '../../src/time/clock.ts'
import type { Payer } from '../../src/upstream-calls/call-options.ts'
import { createMeteredCalls } from '../../src/upstream-calls/metered-call.ts'
import { limitCredits } from '../../src/upstream-calls/payers/credit-limit.ts'
import { createCacheFixture } from '../support/cache-fixture.ts'

it('gives an older answer, and why, for one that may not be paid for', async () => {
  const fixture = createCacheFixture()
  onTestFinished(() => fixture.remove())
  const clock = { ...systemClock, now: () => Date.now() + aheadMs }
  let aheadMs = 0
  let sent = 0
  const gate: Gate = {
    run: async work => {
      sent += 1
      const { value } = await work(new AbortController().signal)
      return { value, creditsSpent: 1, retrievedAt: clock.now(), staleBecause: null }
    },
    usage: async () => null,
    recentUsage: async () => null,
    degraded: false,
    close: async () => undefined,
  }
  const plan = { name: 'test', allowance: { callsPerMinute: null, creditsPerMonth: null, creditResetDay: null } }
  const metering = { gate, cache: fixture.open(clock), scope: 'test', plan, wireMs: 20_000 }
  const { meteredCall } = createMeteredCalls({ creditsPerCall: 1, metering, breakerOf: null, now: clock.now })
  const ask = (id: string, payer?: Payer) => {
    const answer = { kind: 'search' as const, id, policy: SEARCH_POLICY, schema: z.string() }
    const report = { kind: 'answered' as const, status: 200, headersAtMs: 0 }
    const call = { signal: new AbortController().signal, payer }
    return meteredCall(answer, call, send => send('keywords', async () => ({ value: `answer ${sent}`, report })))
  }
  await ask('cups')
  aheadMs = 3 * 86_400_000
  const older = await ask('cups', limitCredits(0))
  expect(older).toMatchObject({ value: 'answer 1', creditsSpent: 0, staleBecause: { code: 'credits_exhausted' } })
  expect(clock.now() - older.retrievedAt).toBeGreaterThanOrEqual(aheadMs)
  await expect(ask('mugs', limitCredits(0))).rejects.toMatchObject({ code: 'credits_exhausted' })
  expect(await ask('cups', limitCredits(1))).toMatchObject({ value: 'answer 2', staleBecause: null })
  expect(sent).toBe(2)
})

it('every caller of one answer hears that it waits for the limits, not only the first', async () => {
  let goOn: () => void = () => undefined
  const isTurn = new Promise<void>(resolve => {
    goOn = resolve
  })
  const gate: Gate = {
    run: async (work, { onWaiting, signal = new AbortController().signal } = {}) => {
      await isTurn
      onWaiting?.({ retryAfterMs: 6_500 })
      return { value: (await work(signal)).value, creditsSpent: 1, retrievedAt: 0, staleBecause: null }
    },
    usage: async () => null,
    recentUsage: async () => null,
    degraded: false,
    close: async () => undefined,
  }
  const logger = { debug() {}, info() {}, warn() {}, error() {} }
  const cache = createReplyCache({ clock: systemClock, logger })
  const plan = { name: 'test', allowance: { callsPerMinute: null, creditsPerMonth: null, creditResetDay: null } }
  const metering = { gate, cache, scope: 'test', plan, wireMs: 20_000 }
  const { meteredCall } = createMeteredCalls({ creditsPerCall: 1, metering, breakerOf: null, now: Date.now })

  const heard: string[] = []
  const ask = (name: string) => {
    const onProgress = ({ message }: { message: string }) => heard.push(`${name}: ${message}`)
    const call = { signal: new AbortController().signal, onProgress }
    const answer = { kind: 'details' as const, id: '1', policy: DETAILS_POLICY, schema: z.string() }
    const report = { kind: 'answered' as const, status: 200, headersAtMs: 0 }
    return meteredCall(answer, call, send => send('details', async () => ({ value: 'answer', report })))
  }
  const all = [ask('first'), ask('second')]
  goOn()
  expect((await Promise.all(all)).map(({ creditsSpent }) => creditsSpent)).toEqual([1, 0])
  const waiting = 'waiting about 7 s for the rate limit'
  expect(heard).toEqual([`first: ${waiting}`, `second: ${waiting}`])
  await cache.close()
})
