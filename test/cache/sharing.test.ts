import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LEASE_MS } from '../../src/cache/cache-store.ts'
import { DETAILS_POLICY } from '../../src/cache/policy.ts'
import type { ReplyCache } from '../../src/cache/reply-cache.ts'
import { asAppError } from '../../src/errors.ts'
import { sleep } from '../../src/time/clock.ts'
import { type CacheFixture, createCacheFixture } from '../support/cache-fixture.ts'
import { type CacheUpstream, createCacheUpstream, decodeOffer, errorOf } from '../support/cache-upstream.ts'
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts'

/** How soon a caller waiting for another process gets its answer. */
const SOON_MS = 100

let clock: VirtualClock
let fixture: CacheFixture
let upstream: CacheUpstream
let ours: ReplyCache
let theirs: ReplyCache
beforeEach(() => {
  clock = createVirtualClock()
  fixture = createCacheFixture()
  upstream = createCacheUpstream()
  ours = fixture.open(clock)
  theirs = fixture.open(clock)
})
afterEach(() => fixture.remove())

function ask(cache: ReplyCache, { refresh = false, fetch = upstream.fetch } = {}) {
  const controller = new AbortController()
  const key = { scope: 'parse', kind: 'details' as const, id: '612345678901' }
  const options = { signal: controller.signal, decode: decodeOffer, refresh }
  const reply = cache.through(key, DETAILS_POLICY, fetch, options).then(
    ({ value, creditsSpent, staleBecause }) => ({ title: value.title, creditsSpent, why: staleBecause?.code ?? null }),
    error => ({ code: asAppError(error).code, creditsSpent: asAppError(error).creditsSpent }),
  )
  return { reply, leave: () => controller.abort() }
}

const askMany = (cache: ReplyCache) => Array.from({ length: 50 }, () => ask(cache).reply)

/** Every reply is the same but for one that paid. */
function expectOnePayer(replies: readonly { creditsSpent: number }[], paid: object, rest: object): void {
  expect(replies.filter(reply => reply.creditsSpent > 0)).toEqual([paid])
  for (const reply of replies.filter(it => it.creditsSpent === 0)) expect(reply).toEqual(rest)
}

describe('two processes', () => {
  test('a hundred callers share one fetch, and one of them pays', async () => {
    const replies = [...askMany(ours), ...askMany(theirs)]
    await clock.advance(20_000)
    expect(upstream.fetches).toHaveLength(1)
    upstream.fetches[0]?.answer('shared')
    await clock.advance(SOON_MS)
    const shared = { title: 'shared', why: null }
    expectOnePayer(await Promise.all(replies), { ...shared, creditsSpent: 1 }, { ...shared, creditsSpent: 0 })
    await clock.advance(1_000)
    expect(await ours.stats()).toEqual({ hits: 99, misses: 1, creditsSaved: 99 })
  })

  test('all waiting callers get a failure, and none of them retries', async () => {
    const replies = [...askMany(ours), ...askMany(theirs)]
    await clock.advance(1_000)
    upstream.fetches[0]?.fail(errorOf('rate_limited'))
    await clock.advance(60_000)
    const failed = { code: 'rate_limited' }
    expectOnePayer(await Promise.all(replies), { ...failed, creditsSpent: 2 }, { ...failed, creditsSpent: 0 })
    expect(upstream.fetches).toHaveLength(1)
    const next = ask(theirs).reply
    await clock.advance(0)
    upstream.fetches[1]?.answer('works again')
    expect(await next).toEqual({ title: 'works again', creditsSpent: 1, why: null })
  })

  test('all waiting callers get the stale answer if one stands in', async () => {
    const first = ask(ours).reply
    await clock.advance(0)
    upstream.fetches[0]?.answer('old')
    await first
    upstream = createCacheUpstream()
    clock.pass(DETAILS_POLICY.freshMs)
    const replies = [...askMany(ours), ...askMany(theirs)]
    await clock.advance(1_000)
    upstream.fetches[0]?.fail(errorOf('upstream_unavailable'))
    await clock.advance(SOON_MS)
    const old = { title: 'old', why: 'upstream_unavailable' }
    expectOnePayer(await Promise.all(replies), { ...old, creditsSpent: 2 }, { ...old, creditsSpent: 0 })
  })

  test('when all callers of one give up, the other takes over', async () => {
    const our = ask(ours)
    await clock.advance(0)
    const their = ask(theirs)
    await clock.advance(1_000)
    our.leave()
    expect(await our.reply).toMatchObject({ code: 'cancelled' })
    await clock.advance(SOON_MS)
    upstream.fetches[1]?.answer('taken over')
    expect(await their.reply).toEqual({ title: 'taken over', creditsSpent: 1, why: null })
  })

  test('a call that waits for the other can be given up', async () => {
    ask(ours)
    await clock.advance(0)
    const their = ask(theirs)
    await clock.advance(1_000)
    their.leave()
    expect(await their.reply).toMatchObject({ code: 'cancelled' })
    expect(upstream.fetches.map(fetch => fetch.signal.aborted)).toEqual([false])
  })

  test('an answer that arrives when no caller is waiting is cached: it was paid for', async () => {
    let answer: (() => void) | undefined
    const deaf = () =>
      new Promise<{ value: { title: string }; creditsSpent: number }>(resolve => {
        answer = () => resolve({ value: { title: 'too late' }, creditsSpent: 1 })
      })
    const our = ask(ours, { fetch: deaf })
    await clock.advance(0)
    our.leave()
    await our.reply
    const their = ask(theirs)
    await clock.advance(1_000)
    answer?.()
    await clock.advance(SOON_MS)
    expect(await their.reply).toEqual({ title: 'too late', creditsSpent: 0, why: null })
    expect(upstream.fetches).toHaveLength(0)
  })

  test('a crash of one is noticed when its signs of life stop', async () => {
    const crashed = createVirtualClock()
    const crashing = fixture.open(crashed)
    ask(crashing)
    await clock.advance(0)
    const their = ask(theirs)
    // The crashed one's timers do not run any more.
    await clock.advance(LEASE_MS - 1)
    expect(upstream.fetches).toHaveLength(1)
    await clock.advance(SOON_MS)
    upstream.fetches[1]?.answer('after the crash')
    expect(await their.reply).toEqual({ title: 'after the crash', creditsSpent: 1, why: null })
  })

  test('who insists on a new answer takes the one that another process is fetching', async () => {
    ask(ours)
    await clock.advance(0)
    const refreshed = [ask(theirs, { refresh: true }).reply, ask(ours, { refresh: true }).reply]
    await clock.advance(1_000)
    upstream.fetches[0]?.answer('new')
    await clock.advance(SOON_MS)
    const free = { title: 'new', creditsSpent: 0, why: null }
    expect(await Promise.all(refreshed)).toEqual([free, free])
  })
})

/** A caller: when they come, in which process, and when they give up. */
const CALLER = fc.record({
  atMs: fc.nat(3_000),
  process: fc.nat(1),
  patienceMs: fc.option(fc.integer({ min: 1, max: 2_000 }), { nil: Number.POSITIVE_INFINITY }),
})

test('as callers come and go, no two fetch at once, each fetch is paid once, and all who stay get the answer', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(CALLER, { minLength: 1, maxLength: 15 }), fc.nat(1_500), async (callers, fetchMs) => {
      const store = createCacheFixture()
      const processes = [store.open(clock), store.open(clock)]
      let [underWay, mostAtOnce, answered] = [0, 0, 0]
      const fetch = async (signal: AbortSignal) => {
        mostAtOnce = Math.max(mostAtOnce, ++underWay)
        try {
          await sleep(clock, fetchMs, signal)
          return { value: { title: `answer ${++answered}` }, creditsSpent: 1 }
        } finally {
          underWay--
        }
      }
      const outcomes = callers.map(async ({ atMs, process, patienceMs }) => {
        await sleep(clock, atMs)
        const cache = processes[process]
        if (!cache) throw new Error('no such process')
        const { reply, leave } = ask(cache, { fetch })
        const stopTimer = Number.isFinite(patienceMs) ? clock.setTimer(leave, patienceMs) : () => undefined
        return reply.finally(stopTimer)
      })
      await clock.advance(60_000)
      const replies = await Promise.all(outcomes)
      const got = replies.filter(reply => 'title' in reply)
      expect(mostAtOnce).toBeLessThanOrEqual(1)
      expect(answered).toBeLessThanOrEqual(1)
      expect(got.length).toBeGreaterThanOrEqual(callers.filter(it => !Number.isFinite(it.patienceMs)).length)
      expect(got.filter(reply => reply.creditsSpent > 0).length).toBeLessThanOrEqual(answered)
      await store.remove()
    }),
    { numRuns: 40 },
  )
})
