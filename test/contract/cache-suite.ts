/** What every store of the reply cache must do, whatever it is built on. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CacheStore, LEASE_MS, type NewCacheEntry } from '../../src/cache/cache-store.ts'

/** A fresh store, seen from two processes. */
export interface CacheStoreFixture {
  ours: CacheStore
  theirs: CacheStore
  /** Lets time pass for both. */
  elapse(durationMs: number): void
  remove(): Promise<void>
}

/** Runs the suite. */
export function testCacheStore(name: string, open: () => Promise<CacheStoreFixture>): void {
  describe(name, () => {
    let fixture: CacheStoreFixture
    let ours: CacheStore
    let theirs: CacheStore
    beforeEach(async () => {
      fixture = await open()
      ;({ ours, theirs } = fixture)
    })
    afterEach(() => fixture.remove())

    test('nothing is known of a key at first', async () => {
      expect(await ours.look('key')).toEqual({ entry: null, flight: { state: 'none' } })
    })

    test('one of many takes the lease of a key, and all see that a fetch is under way', async () => {
      const claims = Array.from({ length: 20 }, (_, n) => (n % 2 ? ours : theirs).claim('key', `flight ${n}`, null))
      expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1)
      expect((await ours.look('key')).flight).toEqual({ state: 'fetching' })
      expect((await theirs.look('key')).flight).toEqual({ state: 'fetching' })
      expect((await ours.look('other key')).flight).toEqual({ state: 'none' })
    })

    test('an answer ends the flight and is seen by all, until the next one replaces it', async () => {
      await ours.claim('key', 'first', null)
      await ours.end('key', 'first', { kind: 'answered', entry: entryOf('one') })
      const first = { flightId: 'first', content: 'one', retrievedAt: 1_000, creditsSpent: 1.5 }
      expect(await theirs.look('key')).toEqual({ entry: first, flight: { state: 'none' } })
      await theirs.claim('key', 'second', 'first')
      await theirs.end('key', 'second', {
        kind: 'answered',
        entry: { ...entryOf('two'), retrievedAt: 2_000, creditsSpent: 0 },
      })
      const second = { flightId: 'second', content: 'two', retrievedAt: 2_000, creditsSpent: 0 }
      expect((await ours.look('key')).entry).toEqual(second)
    })

    test('a caller that has not seen the newest answer gets no lease', async () => {
      await ours.claim('key', 'first', null)
      await ours.end('key', 'first', { kind: 'answered', entry: entryOf('one') })
      expect(await theirs.claim('key', 'second', null)).toBe(false)
      expect(await theirs.claim('key', 'second', 'another')).toBe(false)
      expect(await theirs.claim('key', 'second', 'first')).toBe(true)
    })

    test('a failure is seen for a while, keeps nobody from trying, and leaves the old answer alone', async () => {
      await ours.claim('key', 'first', null)
      await ours.end('key', 'first', { kind: 'answered', entry: entryOf('one') })
      await ours.claim('key', 'second', 'first')
      await ours.end('key', 'second', { kind: 'failed', failure: 'why' })
      expect(await theirs.look('key')).toMatchObject({
        entry: { content: 'one' },
        flight: { state: 'failed', failure: 'why' },
      })
      fixture.elapse(LEASE_MS + 1)
      expect((await theirs.look('key')).flight).toEqual({ state: 'none' })
      await theirs.claim('key', 'third', 'first')
      await theirs.end('key', 'third', { kind: 'failed', failure: 'why again' })
      expect(await theirs.claim('key', 'fourth', 'first')).toBe(true)
      expect((await ours.look('key')).flight).toEqual({ state: 'fetching' })
    })

    test('an abandoned flight leaves nothing behind', async () => {
      await ours.claim('key', 'first', null)
      await ours.end('key', 'first', { kind: 'abandoned' })
      expect(await theirs.look('key')).toEqual({ entry: null, flight: { state: 'none' } })
      expect(await theirs.claim('key', 'second', null)).toBe(true)
    })

    test('a lease lasts from one beat to the next, and is free when they stop', async () => {
      await ours.claim('key', 'first', null)
      fixture.elapse(LEASE_MS - 100)
      await ours.renew('key', 'first')
      fixture.elapse(LEASE_MS - 100)
      expect(await theirs.claim('key', 'second', null)).toBe(false)
      fixture.elapse(101)
      expect((await theirs.look('key')).flight).toEqual({ state: 'none' })
      expect(await theirs.claim('key', 'second', null)).toBe(true)
    })

    test('a flight that has lost its lease disturbs no other, but its answer is stored', async () => {
      await ours.claim('key', 'slow', null)
      fixture.elapse(LEASE_MS + 1)
      await theirs.claim('key', 'quick', null)
      fixture.elapse(LEASE_MS - 100)
      await ours.renew('key', 'slow')
      await ours.end('key', 'slow', { kind: 'answered', entry: entryOf('late') })
      expect(await ours.look('key')).toMatchObject({ entry: { content: 'late' }, flight: { state: 'fetching' } })
      fixture.elapse(101)
      expect((await ours.look('key')).flight).toEqual({ state: 'none' })
    })

    test('any text is kept as it is', async () => {
      let n = 0
      const text = fc.string({ unit: 'grapheme', maxLength: 200 })
      await fc.assert(
        fc.asyncProperty(text, async content => {
          const key = `key ${n++}`
          await ours.end(key, 'flight', { kind: 'answered', entry: entryOf(content) })
          expect((await theirs.look(key)).entry?.content).toBe(content)
        }),
      )
    })

    test('statistics are the sum of all processes', async () => {
      expect(await ours.stats()).toEqual({ hits: 0, misses: 0, creditsSaved: 0 })
      await ours.count({ hits: 3, misses: 1, creditsSaved: 2.5 })
      await theirs.count({ hits: 1, misses: 0, creditsSaved: 1 })
      expect(await ours.stats()).toEqual({ hits: 4, misses: 1, creditsSaved: 3.5 })
    })
  })
}

function entryOf(content: string): NewCacheEntry {
  return { content, retrievedAt: 1_000, creditsSpent: 1.5, uselessAt: 5_000 }
}
