import { statSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CacheStore } from '../../../src/cache/cache-store.ts'
import { createSqliteCacheStore } from '../../../src/cache/sqlite/cache-store.ts'
import { testCacheStore } from '../../contract/cache-suite.ts'
import { type CacheFixture, createCacheFixture } from '../../support/cache-fixture.ts'
import { damageFile, FILE_DAMAGE, settle } from '../../support/file-damage.ts'
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts'

testCacheStore('cache store on SQLite', async () => {
  const clock = createVirtualClock()
  const fixture = createCacheFixture()
  return {
    ours: fixture.openStore(clock),
    theirs: fixture.openStore(clock),
    elapse: clock.pass,
    remove: fixture.remove,
  }
})

describe('file of the cache', () => {
  let clock: VirtualClock
  let fixture: CacheFixture
  beforeEach(() => {
    clock = createVirtualClock()
    fixture = createCacheFixture()
  })
  afterEach(() => fixture.remove())

  test('is made at the first use, for its owner only', async () => {
    const store = fixture.openStore(clock)
    expect(() => statSync(fixture.file)).toThrow('ENOENT')
    await store.stats()
    expect(statSync(fixture.file).mode & 0o777).toBe(0o600)
  })

  describe('if damaged', () => {
    const setAsides: string[] = []
    const open = () => createSqliteCacheStore({ file: fixture.file, clock, onSetAside: name => setAsides.push(name) })
    const fill = async (store: CacheStore) => {
      const times = { retrievedAt: clock.now(), uselessAt: clock.now() + 10_000 }
      for (let n = 0; n < 40; n++) await land(store, `key ${n}`, times)
      settle(fixture.file)
    }
    beforeEach(() => setAsides.splice(0))

    test.each(FILE_DAMAGE)('with %s is set aside when it is opened', async (_name, damage) => {
      const before = open()
      await fill(before)
      await before.close()
      damage(fixture.file)
      const after = open()
      expect(await keysLeft(after, 40)).toEqual([])
      await after.close()
      expect(setAsides).toEqual([expect.stringMatching(/^cache\.damaged-.*\.db$/)])
    })

    test('is set aside once by the calls that find it', async () => {
      const store = open()
      await fill(store)
      damageFile(fixture.file)
      expect(await keysLeft(store, 40)).toEqual([])
      await fill(store)
      expect(await keysLeft(store, 40)).toHaveLength(40)
      await store.close()
      expect(setAsides).toHaveLength(1)
    })
  })

  test('a lease from before a restart of the machine blocks no caller', async () => {
    await fixture.openStore(clock).claim('key', 'crashed', null)
    clock.restart(60_000)
    clock.pass(10)
    const store = fixture.openStore(clock)
    expect((await store.look('key')).flight).toEqual({ state: 'none' })
    expect(await store.claim('key', 'next', null)).toBe(true)
  })

  test('the wall clock neither ends a lease nor prolongs one', async () => {
    const store = fixture.openStore(clock)
    await store.claim('key', 'first', null)
    clock.setWall(-3_600_000)
    expect(await store.claim('key', 'second', null)).toBe(false)
    clock.setWall(7_200_000)
    expect(await store.claim('key', 'second', null)).toBe(false)
  })

  test('past the bound of entries, useless ones go first, then the oldest', async () => {
    const store = createSqliteCacheStore({ file: fixture.file, clock, maxEntries: 100 })
    const now = clock.now()
    for (let n = 0; n < 129; n++) {
      const useless = n >= 100 && n < 120
      await land(store, `key ${n}`, { retrievedAt: now + n, uselessAt: useless ? now - 1 : now + 10_000 })
    }
    const left = await keysLeft(store, 129)
    expect(left.length).toBeLessThanOrEqual(100)
    expect(left.length).toBeGreaterThan(90)
    expect(left).toEqual([...range(129 - left.length - 20, 99), ...range(120, 128)].map(n => `key ${n}`))
    await store.close()
  })

  test('past the bound of bytes the oldest go', async () => {
    const store = createSqliteCacheStore({ file: fixture.file, clock, maxBytes: 100_000 })
    const now = clock.now()
    for (let n = 0; n < 65; n++) {
      // Three bytes each.
      await land(store, `key ${n}`, { retrievedAt: now + n, uselessAt: now + 10_000, content: '货'.repeat(1_000) })
    }
    const left = await keysLeft(store, 65)
    expect(left.length).toBeLessThanOrEqual(33)
    expect(left.length).toBeGreaterThan(30)
    expect(left.at(-1)).toBe('key 64')
    await store.close()
  })
})

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n)

function land(store: CacheStore, key: string, times: { retrievedAt: number; uselessAt: number; content?: string }) {
  return store.end(key, 'flight', { kind: 'answered', entry: { content: '', creditsSpent: 1, ...times } })
}

async function keysLeft(store: CacheStore, count: number): Promise<string[]> {
  const keys = range(0, count - 1).map(n => `key ${n}`)
  const sightings = await Promise.all(keys.map(key => store.look(key)))
  return keys.filter((_, n) => sightings[n]?.entry)
}
