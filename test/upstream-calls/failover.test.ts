import { describe, expect, it } from 'vitest'
import { AppError, type ErrorCode } from '../../src/errors.ts'
import type { Fetched } from '../../src/offers/results/fetched.ts'
import { createFailover } from '../../src/upstream-calls/failover.ts'
import type { UpstreamClient } from '../../src/upstream-calls/upstream-client.ts'
import { makeUpstreamClient } from '../support/upstream-client.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

type Plan = { fail: ErrorCode; retryAfterMs?: number } | { old: ErrorCode } | 'answer' | 'hang'

/** Upstreams that follow their plans, in this order; `free` ones cost nothing. */
function setUp(plans: Record<string, Plan>, free: readonly string[] = []) {
  const clock = createVirtualClock()
  const asked: string[] = []
  const upstreams = Object.keys(plans).map(name => makeUpstreamClient(name, free.includes(name) ? 0 : 1))
  const [first, ...others] = upstreams
  if (first === undefined) throw new Error('no upstreams')
  const failover = createFailover([first, ...others], clock)
  const ask = async ({ name }: UpstreamClient, { signal }: { signal: AbortSignal }): Promise<Fetched<string>> => {
    asked.push(name)
    const plan = plans[name] ?? 'answer'
    if (plan === 'answer') return { value: name, creditsSpent: 1, retrievedAt: 0, staleBecause: null }
    if (plan === 'hang')
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    if ('old' in plan) return { value: `old ${name}`, creditsSpent: 0, retrievedAt: 0, staleBecause: failure(plan.old) }
    throw failure(plan.fail, plan.retryAfterMs)
  }
  const { signal } = new AbortController()
  return { clock, asked, run: (own = signal) => failover(ask, { signal: own }) }
}

function failure(code: ErrorCode, retryAfterMs?: number): AppError {
  return new AppError({ code, message: `It is ${code}.`, hint: 'Wait.', retryAfterMs, creditsSpent: 1 })
}

describe('failover', () => {
  it.each<ErrorCode>([
    'upstream_unavailable',
    'upstream_rejected',
    'upstream_changed',
    'not_granted',
    'key_missing',
    'key_rejected',
    'rate_limited',
    'credits_exhausted',
    'store_unavailable',
    'picture_refused',
  ])('asks the next upstream where the first is %s, and says why', async code => {
    const { asked, run } = setUp({ open1688: { fail: code }, parse: 'answer', sample: 'answer' })
    expect(await run()).toMatchObject({
      value: 'parse',
      answeredBy: { name: 'parse' },
      creditsSpent: 2,
      passedOver: [
        {
          kind: 'passed_over',
          upstream: 'open1688',
          code,
          message: `It is ${code}.`,
          hint: code === 'credits_exhausted' ? '' : 'Wait.',
        },
      ],
    })
    expect(asked).toEqual(['open1688', 'parse'])
  })

  it.each<ErrorCode>(['invalid_input', 'internal'])('does not ask another one for %s', async code => {
    const { asked, run } = setUp({ open1688: { fail: code }, parse: 'answer' })
    await expect(run()).rejects.toMatchObject({ code })
    expect(asked).toEqual(['open1688'])
  })

  it('takes "not there" as an answer that is worth no credit to doubt', async () => {
    const { asked, run } = setUp({ open1688: { fail: 'not_found' }, parse: 'answer', sample: 'answer' }, ['sample'])
    expect(await run()).toMatchObject({ value: 'sample' })
    expect(asked).toEqual(['open1688', 'sample'])
    const nowhere = setUp({ open1688: { fail: 'upstream_unavailable' }, parse: { fail: 'not_found' } })
    await expect(nowhere.run()).rejects.toMatchObject({ code: 'not_found', creditsSpent: 2 })
  })

  it('learns nothing from the made-up offers not holding it', async () => {
    const { asked, run } = setUp({ sample: { fail: 'not_found' }, parse: 'answer' }, ['sample'])
    expect(await run()).toMatchObject({ value: 'parse', passedOver: [] })
    expect(asked).toEqual(['sample', 'parse'])
    const down = setUp({ sample: { fail: 'not_found' }, parse: { fail: 'upstream_unavailable' } }, ['sample'])
    await expect(down.run()).rejects.toMatchObject({ message: expect.stringContaining('It is upstream_unavailable.') })
  })

  it('prefers a fresh answer to an old one, and an old one to none', async () => {
    const fresh = setUp({ open1688: { old: 'upstream_unavailable' }, parse: 'answer' })
    expect(await fresh.run()).toMatchObject({
      value: 'parse',
      staleBecause: null,
      passedOver: [{ upstream: 'open1688' }],
    })
    const old = setUp({ open1688: { old: 'upstream_unavailable' }, parse: { fail: 'credits_exhausted' } })
    expect(await old.run()).toMatchObject({
      value: 'old open1688',
      staleBecause: { code: 'upstream_unavailable' },
      passedOver: [{ upstream: 'parse', code: 'credits_exhausted' }],
    })
  })

  it('says of each why it did not answer, and when the first can', async () => {
    const { run } = setUp({
      open1688: { fail: 'rate_limited', retryAfterMs: 9_000 },
      parse: { fail: 'credits_exhausted', retryAfterMs: 90_000 },
    })
    await expect(run()).rejects.toMatchObject({
      code: 'rate_limited',
      message:
        'No upstream could answer. open1688: It is rate_limited. It can be asked again in 9 s. parse: It is credits_exhausted.',
      retryAfterMs: 9_000,
      creditsSpent: 2,
    })
  })

  it('gives an upstream that hangs its share of the time, the last one all that is left', async () => {
    const { clock, asked, run } = setUp({ tmapi: 'hang', parse: 'answer' })
    const answer = run()
    await clock.advance(19_999)
    expect(asked).toEqual(['tmapi'])
    await clock.advance(1)
    expect(await answer).toMatchObject({
      value: 'parse',
      passedOver: [{ upstream: 'tmapi', message: 'tmapi did not answer within 20 s.' }],
    })
    expect(clock.timers).toBe(0)
  })

  it('ends with its caller', async () => {
    const { asked, run } = setUp({ tmapi: 'hang', parse: 'answer' })
    const caller = new AbortController()
    const answer = run(caller.signal)
    caller.abort()
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' })
    expect(asked).toEqual(['tmapi'])
  })
})
