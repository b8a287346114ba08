import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createReplyCache } from '../../src/cache/reply-cache.ts'
import { AppError, asAppError } from '../../src/errors.ts'
import { createLogger } from '../../src/log.ts'
import { CALL_BUDGET } from '../../src/time/call-budget.ts'
import { limitTime } from '../../src/time/deadline.ts'
import { createFailover } from '../../src/upstream-calls/failover.ts'
import type { UpstreamCallOptions } from '../../src/upstream-calls/metered-call.ts'
import type { Upstream } from '../../src/upstreams/port.ts'
import { type CacheFixture, createCacheFixture } from '../support/cache-fixture.ts'
import { makeDetails } from '../support/details.ts'
import { createGateWorld, FREE, type GateWorld } from '../support/gate-world.ts'
import { makeUpstreamClient, openUpstreamClient } from '../support/upstream-client.ts'

const ID = '7000000001'
const ANSWER_MS = 55_000
const PLAN = { name: 'test', allowance: FREE }

let world: GateWorld
let caches: CacheFixture
beforeEach(() => {
  world = createGateWorld()
  caches = createCacheFixture()
})
afterEach(async () => {
  // What is on the wire comes to its end, as in life.
  await world.clock.advance(CALL_BUDGET.tmapi.wireMs)
  await world.end()
  await caches.remove()
})

/** TMAPI at its slowest: its answer takes 55 s. */
function setUp({ isKept = true } = {}) {
  const { clock } = world
  let calls = 0
  const upstream: Upstream = {
    name: 'tmapi',
    creditsPerCall: 1,
    creditsPerCheck: 1,
    index: null,
    pictures: null,
    keywords: null,
    shops: null,
    extras: null,
    fetchDetails: async offerId => {
      calls++
      await new Promise<void>(resolve => clock.setTimer(resolve, ANSWER_MS))
      return { value: makeDetails(offerId), report: world.answer(200) }
    },
    checkAccess: () => Promise.reject(new Error('nobody asks')),
    close: async () => undefined,
  }
  const logger = createLogger({ level: 'silent', write: () => undefined })
  const cache = isKept ? caches.open(clock) : createReplyCache({ clock, logger })
  const gate = world.openGate()
  const metering = { gate, cache, scope: 'test', plan: PLAN, wireMs: CALL_BUDGET.tmapi.wireMs }
  const client = openUpstreamClient({ upstream, metering, now: clock.now })
  return { client, gate, calls: () => calls }
}

/** Asks as a tool does: for 45 s. */
function ask(client: ReturnType<typeof setUp>['client'], more: Partial<UpstreamCallOptions> = {}) {
  const reasonOf = () => new AppError({ code: 'deadline_exceeded', message: 'Too late.', hint: 'Call again.' })
  const limit = limitTime(CALL_BUDGET.call.callerMs, undefined, { reasonOf, setTimer: world.clock.setTimer })
  return client.fetchDetails(ID, { signal: limit.signal, ...more }).catch(asAppError)
}

describe('a caller whose time ends while the answer is on the wire', () => {
  it('is told when to ask again, and then gets the answer at no cost', async () => {
    const { client, calls } = setUp()
    const [first, joined] = [ask(client), ask(client)]
    await world.clock.advance(45_000)
    const told = { code: 'deadline_exceeded', message: 'Too late.', retryable: true, retryAfterMs: 15_000 }
    expect(await first).toMatchObject({ ...told, isUnderWay: true, creditsSpent: 1 })
    expect(await joined).toMatchObject({ ...told, isUnderWay: true, creditsSpent: 0 })
    expect(asAppError(await first).hint).toBe('It is still being fetched: ask again in about 15 s, at no further cost.')
    await world.clock.advance(15_000)
    expect(await ask(client)).toMatchObject({ creditsSpent: 0, value: { offerId: ID } })
    expect(calls()).toBe(1)
  })

  it('waits for the same request where it asks again too early', async () => {
    const { client, calls } = setUp()
    const first = ask(client)
    await world.clock.advance(45_000)
    await first
    const second = ask(client)
    await world.clock.advance(11_000)
    expect(await second).toMatchObject({ creditsSpent: 0, value: { offerId: ID } })
    expect(calls()).toBe(1)
  })

  it('is reported along with the answer of another upstream', async () => {
    const { client } = setUp()
    const failover = createFailover([client, makeUpstreamClient('parse', 1)], world.clock)
    const answer = failover(
      async (upstream, call) =>
        upstream === client
          ? { ...(await client.fetchDetails(ID, call)), value: 'tmapi' }
          : { value: 'parse', creditsSpent: 1, retrievedAt: 0, staleBecause: null },
      { signal: new AbortController().signal },
    )
    await world.clock.advance(20_000)
    expect(await answer).toMatchObject({ value: 'parse', creditsSpent: 2 })
    const [remark] = (await answer).passedOver
    expect(remark).toMatchObject({ upstream: 'tmapi', message: 'tmapi did not answer within 20 s.' })
    expect(remark).toMatchObject({ hint: expect.stringContaining('ask again in about 40 s') })
  })
})

describe('nothing is promised', () => {
  const plain = { isUnderWay: false }

  it('where no answer is kept', async () => {
    const asked = ask(setUp({ isKept: false }).client)
    await world.clock.advance(45_000)
    expect(await asked).toMatchObject({ ...plain, code: 'deadline_exceeded' })
  })

  it('where the request still waits for its turn', async () => {
    const { client, gate, calls } = setUp()
    await world.useUp(gate)
    const asked = ask(client, { maxWaitMs: 90_000 })
    await world.clock.advance(45_000)
    expect(await asked).toMatchObject({ ...plain, code: 'deadline_exceeded' })
    expect(calls()).toBe(0)
  })

  it.each<[string, Partial<UpstreamCallOptions>]>([
    ['where the process ends with the call', { endsProcess: true }],
    ['where the next call would ask for a fresh answer as well', { refresh: true }],
  ])('%s', async (_where, more) => {
    const asked = ask(setUp().client, more)
    await world.clock.advance(45_000)
    expect(await asked).toMatchObject({ ...plain, code: 'deadline_exceeded' })
  })

  it('to a caller who left', async () => {
    const { client } = setUp()
    const caller = new AbortController()
    const asked = client.fetchDetails(ID, { signal: caller.signal }).catch(asAppError)
    await world.clock.advance(1_000)
    caller.abort()
    expect(await asked).toMatchObject({ ...plain, code: 'cancelled' })
  })
})
