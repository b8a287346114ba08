import { describe, expect, it } from 'vitest'
import { AppError, type ErrorCode } from '../../src/errors.ts'
import { createBreaker } from '../../src/upstream-calls/circuit-breaker.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

/** A breaker with an upstream behind it that fails as told, and every call that reached it. */
function setUp() {
  const clock = createVirtualClock()
  const breaker = createBreaker(clock)
  let asked = 0
  const fail = (code: ErrorCode, retryAfterMs?: number, ofOneItem = false) =>
    breaker
      .run(async () => {
        asked++
        throw new AppError({ code, message: 'It failed.', hint: 'Wait.', retryAfterMs, creditsSpent: 1, ofOneItem })
      })
      .catch((error: AppError) => error)
  const succeed = () =>
    breaker
      .run(async () => {
        asked++
        return 'offers'
      })
      .catch((error: AppError) => error)
  return { clock, breaker, fail, succeed, asked: () => asked }
}

describe('the breaker', () => {
  it('lets calls through until three in a row have failed, then repeats the failure without asking', async () => {
    const { fail, succeed, asked } = setUp()
    await fail('upstream_unavailable')
    await fail('upstream_unavailable')
    expect(await succeed()).toBe('offers')
    for (let i = 0; i < 3; i++) await fail('upstream_unavailable')
    expect(asked()).toBe(6)
    const refused = await succeed()
    expect(asked()).toBe(6)
    expect(refused).toMatchObject({
      code: 'upstream_unavailable',
      message: 'It failed. It will not be asked again for 30 s.',
      retryAfterMs: 30_000,
      retryable: true,
      creditsSpent: 0,
    })
  })

  it('counts a failure of one offer as a sign of life', async () => {
    const { fail, succeed } = setUp()
    for (let i = 0; i < 5; i++) await fail('not_granted', undefined, true)
    expect(await succeed()).toBe('offers')
    for (let i = 0; i < 2; i++) await fail('not_granted')
    await fail('not_granted', undefined, true)
    await fail('not_granted')
    expect(await succeed()).toBe('offers')
  })

  it('lets one call try after its rest, and closes when that succeeds', async () => {
    const { clock, breaker, fail, succeed, asked } = setUp()
    for (let i = 0; i < 3; i++) await fail('upstream_unavailable')
    clock.pass(30_000)
    let answer = (_offers: string) => {}
    const probe = breaker.run(() => new Promise<string>(resolve => (answer = resolve)))
    expect(await succeed()).toBeInstanceOf(AppError)
    expect(asked()).toBe(3)
    answer('offers')
    expect(await probe).toBe('offers')
    expect(await succeed()).toBe('offers')
  })

  it('rests twice as long after each try that fails, at most 15 minutes', async () => {
    const { clock, fail, asked } = setUp()
    for (let i = 0; i < 3; i++) await fail('upstream_unavailable')
    const rests: number[] = []
    for (let rest = 30_000; rests.length < 8; rest = Math.min(rest * 2, 900_000)) {
      clock.pass(rest - 1)
      const before = asked()
      await fail('upstream_unavailable')
      expect(asked()).toBe(before)
      clock.pass(1)
      await fail('upstream_unavailable')
      expect(asked()).toBe(before + 1)
      rests.push(rest)
    }
    expect(rests.at(-1)).toBe(900_000)
  })

  it('rests at once for as long as the upstream says', async () => {
    const { clock, fail, succeed } = setUp()
    await fail('rate_limited', 7_000)
    expect(await succeed()).toMatchObject({ code: 'rate_limited', retryAfterMs: 7_000 })
    clock.pass(7_000)
    expect(await succeed()).toBe('offers')
  })

  it.each<ErrorCode>(['not_found', 'picture_refused', 'cancelled', 'invalid_input'])(
    'does not count %s: the upstream is not to blame',
    async code => {
      const { fail, succeed } = setUp()
      for (let i = 0; i < 5; i++) await fail(code)
      expect(await succeed()).toBe('offers')
    },
  )

  it('lets the next call try if the first was given up', async () => {
    const { clock, fail, succeed } = setUp()
    for (let i = 0; i < 3; i++) await fail('upstream_unavailable')
    clock.pass(30_000)
    await fail('cancelled')
    expect(await succeed()).toBe('offers')
  })
})
