import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DETAILS_POLICY } from '../../src/cache/policy.ts'
import type { ReplyCache } from '../../src/cache/reply-cache.ts'
import { CACHE_MIGRATIONS } from '../../src/cache/sqlite/sql.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { type CacheFixture, createCacheFixture } from '../support/cache-fixture.ts'
import { type CacheUpstream, createCacheUpstream, decodeOffer } from '../support/cache-upstream.ts'
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts'

let clock: VirtualClock
let fixture: CacheFixture
let upstream: CacheUpstream
beforeEach(() => {
  clock = createVirtualClock()
  fixture = createCacheFixture()
  upstream = createCacheUpstream()
  upstream.answerAll(() => 'answer')
})
afterEach(() => fixture.remove())

function ask(cache: ReplyCache) {
  const key = { scope: 'parse', kind: 'details', id: '612345678901' } as const
  const options = { signal: new AbortController().signal, decode: decodeOffer }
  return cache.through(key, DETAILS_POLICY, upstream.fetch, options)
}

const dataDir = (): string => path.dirname(fixture.file)

test.each([
  ['whose folder cannot be made', () => writeFileSync(dataDir(), '')],
  ['that is a folder', () => mkdirSync(fixture.file, { recursive: true })],
  [
    'that a newer version has written',
    () => openSqlite({ file: fixture.file, durability: 'normal', migrations: [...CACHE_MIGRATIONS, ''] }).close(),
  ],
])(
  'with a file %s, every call asks, callers at the same time share a fetch, and it is logged once',
  async (_, spoil) => {
    spoil()
    const cache = fixture.open(clock)
    const replies = await Promise.all([ask(cache), ask(cache), ask(cache)])
    expect(replies.map(reply => reply.creditsSpent)).toEqual([1, 0, 0])
    expect(await ask(cache)).toMatchObject({ value: { title: 'answer' }, creditsSpent: 1, staleBecause: null })
    expect(await cache.stats()).toEqual({ hits: 0, misses: 0, creditsSaved: 0 })
    expect(fixture.log).toHaveLength(1)
    expect(fixture.log[0]).toContain('WARN the reply cache is unavailable')
  },
)

test('an answer that cannot be stored is still returned, and blocks no caller', async () => {
  const [ours, theirs] = [fixture.open(clock), fixture.open(clock)]
  await ours.stats()
  const database = openSqlite({ file: fixture.file, durability: 'normal', migrations: CACHE_MIGRATIONS })
  database.exec(
    `CREATE TRIGGER no_room BEFORE INSERT ON entries BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END`,
  )
  expect(await ask(ours)).toMatchObject({ value: { title: 'answer' }, creditsSpent: 1 })
  expect(await ask(theirs)).toMatchObject({ value: { title: 'answer' }, creditsSpent: 1 })
  database.exec('DROP TRIGGER no_room')
  database.close()
  expect(await ask(ours)).toMatchObject({ creditsSpent: 1 })
  expect(await ask(theirs)).toMatchObject({ creditsSpent: 0 })
})
