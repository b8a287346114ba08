import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CachePolicy, DETAILS_POLICY } from '../../src/cache/policy.ts'
import { type CacheKey, createReplyCache, type ReplyCache } from '../../src/cache/reply-cache.ts'
import { ERROR_CODES, type ErrorCode } from '../../src/errors.ts'
import { createLogger } from '../../src/log.ts'
import { type CacheFixture, createCacheFixture } from '../support/cache-fixture.ts'
import { type CacheUpstream, createCacheUpstream, decodeOffer, errorOf, type Offer } from '../support/cache-upstream.ts'
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const KEY: CacheKey = { scope: 'parse', kind: 'details', id: '612345678901' }
const POLICY: CachePolicy = DETAILS_POLICY

const STANDS_IN: readonly ErrorCode[] = [
  'key_rejected',
  'not_granted',
  'credits_exhausted',
  'rate_limited',
  'upstream_unavailable',
  'certificate_untrusted',
  'upstream_rejected',
  'upstream_changed',
  'store_unavailable',
  'deadline_exceeded',
]
const CODES = Object.keys(ERROR_CODES).filter((code): code is ErrorCode => Object.hasOwn(ERROR_CODES, code))

let clock: VirtualClock
let fixture: CacheFixture
let upstream: CacheUpstream
let cache: ReplyCache
let title: string | Error
beforeEach(() => {
  clock = createVirtualClock()
  fixture = createCacheFixture()
  upstream = createCacheUpstream()
  title = 'first'
  upstream.answerAll(() => title)
  cache = fixture.open(clock)
})
afterEach(() => fixture.remove())

interface Asked {
  key?: CacheKey
  refresh?: boolean
  signal?: AbortSignal
  decode?: (json: unknown) => Offer | null
}

function ask({ key = KEY, refresh = false, signal = new AbortController().signal, decode = decodeOffer }: Asked = {}) {
  return cache.through(key, POLICY, upstream.fetch, { signal, decode, refresh })
}

describe('an answer', () => {
  test('is fetched once while it is fresh, and says how old it is', async () => {
    const retrievedAt = clock.now()
    const answer = { value: { title: 'first' }, retrievedAt, staleBecause: null }
    expect(await ask()).toEqual({ ...answer, creditsSpent: 1 })
    clock.pass(DAY_MS - 1)
    expect(await ask()).toEqual({ ...answer, creditsSpent: 0 })
    expect(upstream.fetches).toHaveLength(1)
    clock.pass(1)
    title = 'second'
    expect(await ask()).toMatchObject({ value: { title: 'second' }, creditsSpent: 1, retrievedAt: clock.now() })
    expect(upstream.fetches).toHaveLength(2)
  })

  test('outlives the process', async () => {
    await ask()
    await cache.close()
    cache = fixture.open(clock)
    expect(await ask()).toMatchObject({ value: { title: 'first' }, creditsSpent: 0 })
    expect(upstream.fetches).toHaveLength(1)
  })

  test.each([
    ['scope', { ...KEY, scope: 'parse of somebody else' }],
    ['kind', { ...KEY, kind: 'index' as const }],
    ['id', { ...KEY, id: '612345678902' }],
  ])('is not given for another %s', async (_, key) => {
    await ask()
    expect(await ask({ key })).toMatchObject({ creditsSpent: 1 })
    expect(upstream.fetches).toHaveLength(2)
  })

  test('is not given for another key that reads the same in one piece', async () => {
    await ask({ key: { scope: 'parse', kind: 'details', id: 'details1' } })
    expect(await ask({ key: { scope: 'parsedetails', kind: 'details', id: '1' } })).toMatchObject({ creditsSpent: 1 })
  })

  test('that can no longer be read is fetched again', async () => {
    await ask()
    const decode = (json: unknown) => (decodeOffer(json)?.title === 'first' ? null : decodeOffer(json))
    title = 'second'
    expect(await ask({ decode })).toMatchObject({ value: { title: 'second' }, creditsSpent: 1 })
    expect(await ask()).toMatchObject({ value: { title: 'second' }, creditsSpent: 0 })
  })

  test('is given as it was fetched to the caller who paid, even where it would not be read again', async () => {
    expect(await ask({ decode: () => null })).toMatchObject({ value: { title: 'first' }, creditsSpent: 1 })
  })

  test('is fetched again when the caller insists, although nothing has changed', async () => {
    await ask()
    title = 'second'
    expect(await ask({ refresh: true })).toMatchObject({ value: { title: 'second' }, creditsSpent: 1 })
    expect(await ask()).toMatchObject({ value: { title: 'second' }, creditsSpent: 0 })
  })

  test('is fetched again for the caller that insists, not for one that asks at the same time', async () => {
    await ask()
    title = 'second'
    const [kept, fetched] = await Promise.all([ask(), ask({ refresh: true })])
    expect(kept).toMatchObject({ value: { title: 'first' }, creditsSpent: 0 })
    expect(fetched).toMatchObject({ value: { title: 'second' }, creditsSpent: 1 })
  })

  test('from far in the future is not fresh, for the clock was wrong', async () => {
    clock.setWall(2 * DAY_MS)
    await ask()
    clock.setWall(-2 * DAY_MS)
    expect(await ask()).toMatchObject({ creditsSpent: 1 })
    clock.setWall(-HOUR_MS)
    expect(await ask()).toMatchObject({ creditsSpent: 0 })
  })

  test('is not given to a caller who has given up', async () => {
    await ask()
    await expect(ask({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('is not fetched for a caller that cancels at once', async () => {
    const controller = new AbortController()
    const reply = ask({ signal: controller.signal })
    controller.abort()
    await expect(reply).rejects.toMatchObject({ code: 'cancelled' })
    await cache.close()
    expect(upstream.fetches).toHaveLength(0)
  })
})

describe('not found', () => {
  test('is remembered for an hour', async () => {
    title = errorOf('not_found')
    await expect(ask()).rejects.toBe(title)
    clock.pass(HOUR_MS - 1)
    const again = { code: 'not_found', message: 'It is not_found.', hint: 'Do this.', retryable: true, creditsSpent: 0 }
    await expect(ask()).rejects.toMatchObject(again)
    await expect(ask()).rejects.not.toHaveProperty('cause')
    expect(upstream.fetches).toHaveLength(1)
    clock.pass(1)
    title = 'there again'
    expect(await ask()).toMatchObject({ value: { title } })
  })

  test('takes the place of an older answer', async () => {
    await ask()
    clock.pass(2 * DAY_MS)
    title = errorOf('not_found')
    await expect(ask()).rejects.toMatchObject({ code: 'not_found' })
    clock.pass(HOUR_MS)
    title = errorOf('upstream_unavailable')
    await expect(ask()).rejects.toMatchObject({ code: 'upstream_unavailable' })
  })
})

describe('a failure', () => {
  test.each(STANDS_IN)('%s: an old answer stands in for 30 days, and says why', async code => {
    await ask()
    const retrievedAt = clock.now()
    clock.pass(30 * DAY_MS - 1)
    title = errorOf(code)
    const standIn = { value: { title: 'first' }, retrievedAt, staleBecause: title, creditsSpent: 2 }
    expect(await ask()).toEqual(standIn)
    clock.pass(1)
    await expect(ask()).rejects.toBe(title)
    expect(upstream.fetches).toHaveLength(3)
  })

  test.each(CODES.filter(code => !STANDS_IN.includes(code)))(
    '%s is reported even if an answer is cached',
    async code => {
      await ask()
      clock.pass(DAY_MS)
      title = errorOf(code)
      await expect(ask()).rejects.toBe(title)
    },
  )

  test.each(CODES.filter(code => code !== 'not_found'))('%s is not remembered', async code => {
    title = errorOf(code)
    await expect(ask()).rejects.toBe(title)
    title = 'works again'
    expect(await ask()).toMatchObject({ value: { title }, creditsSpent: 1 })
  })

  test('that is a bug is passed on as it is', async () => {
    title = new TypeError('no such method')
    await expect(ask()).rejects.toBe(title)
  })

  test('of a caller who insists on a new answer returns the cached one, however fresh', async () => {
    await ask()
    title = errorOf('rate_limited')
    expect(await ask({ refresh: true })).toMatchObject({ value: { title: 'first' }, staleBecause: title })
  })
})

describe('statistics', () => {
  test('count calls that asked, calls that did not, and what these would have cost', async () => {
    await ask()
    await ask()
    await ask()
    const missing = { ...KEY, id: 'missing' }
    title = errorOf('not_found')
    await ask({ key: missing }).catch(() => undefined)
    await ask({ key: missing }).catch(() => undefined)
    await cache.close()
    cache = fixture.open(clock)
    expect(await cache.stats()).toEqual({ hits: 3, misses: 2, creditsSaved: 4 })
  })
})

describe('the file', () => {
  test('holds no key, no id and no cause of an error', async () => {
    await ask({ key: { scope: 'secret-api-key', kind: 'details', id: 'secret-picture' } })
    title = errorOf('not_found')
    await ask({ key: { scope: 'secret-api-key', kind: 'details', id: 'secret-gone' } }).catch(() => undefined)
    title = errorOf('rate_limited')
    await ask({ key: { scope: 'secret-api-key', kind: 'details', id: 'secret-limited' } }).catch(() => undefined)
    const bytes = fixture.bytes()
    expect(bytes).toContain('"title":"first"')
    expect(bytes).toContain('It is not_found.')
    expect(bytes).not.toContain('secret-')
    expect(bytes).not.toContain('the cause of it')
  })
})

describe('switched off', () => {
  test('nothing is cached, but concurrent callers share a fetch', async () => {
    const logger = createLogger({ level: 'silent', write: () => undefined })
    cache = createReplyCache({ clock, logger })
    const answers = await Promise.all([ask(), ask(), ask()])
    expect(answers.map(answer => answer.creditsSpent)).toEqual([1, 0, 0])
    expect(await ask()).toMatchObject({ creditsSpent: 1 })
    expect(upstream.fetches).toHaveLength(2)
    expect(await cache.stats()).toEqual({ hits: 0, misses: 0, creditsSaved: 0 })
    await cache.close()
  })
})
