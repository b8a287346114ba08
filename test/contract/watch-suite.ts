/** What every store of watch lists must do, on any database. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { WatchStore } from '../../src/history/watch-store.ts'
import { MAX_WATCHED, type WatchChange, type WatchState, type WatchTarget } from '../../src/offers/watched.ts'

/** A fresh store, seen by two processes. */
export interface WatchFixture {
  ours: WatchStore
  theirs: WatchStore
  remove(): Promise<void>
}

const offer = (number: number) => ({ kind: 'offer', target: String(710_000_000_000 + number) }) as const
const unread = (target: WatchTarget) => ({ ...target, state: null })
const STATE: WatchState = {
  source: 'tmapi',
  gone: false,
  offers: [{ offerId: '710000000001', title: '马克杯', facts: { moq: 2 } }],
}
const CHANGE: WatchChange = { offerId: '710000000001', title: '马克杯', what: 'moq', from: '1', to: '2' }

export function describeWatchStore(name: string, open: () => Promise<WatchFixture>): void {
  describe(name, () => {
    let fixture: WatchFixture
    let ours: WatchStore
    let theirs: WatchStore
    beforeEach(async () => {
      fixture = await open()
      ;({ ours, theirs } = fixture)
    })
    afterEach(() => fixture.remove())

    test('adds each once, in order, and removes', async () => {
      const words = { kind: 'words', target: '马克杯' } as const
      expect(await ours.add('ana', [{ ...offer(2), state: STATE }, unread(words), unread(offer(1))], 5)).toBe(3)
      expect(await theirs.add('ana', [unread(offer(1)), unread(offer(3))], 6)).toBe(1)
      const none = { checkedAt: null, state: null, news: [] }
      expect(await ours.list('ana')).toEqual([
        { ...offer(2), addedAt: 5, ...none, state: STATE },
        { ...words, addedAt: 5, ...none },
        { ...offer(1), addedAt: 5, ...none },
        { ...offer(3), addedAt: 6, ...none },
      ])
      expect(await theirs.remove('ana', [words, offer(9), offer(3)])).toBe(2)
      expect((await ours.list('ana')).map(({ target }) => target)).toEqual([offer(2).target, offer(1).target])
    })

    test('two owners with the same offer have a list each', async () => {
      await ours.add('key:aaaaaaaa', [unread(offer(1))], 5)
      await ours.add('key:bbbbbbbb', [unread(offer(1))], 6)
      await theirs.putCheck('key:aaaaaaaa', { ...offer(1), checkedAt: 9, state: STATE, news: [CHANGE] })
      expect(await ours.list('key:aaaaaaaa')).toMatchObject([{ checkedAt: 9, state: STATE, news: [CHANGE] }])
      expect(await ours.list('key:bbbbbbbb')).toMatchObject([{ checkedAt: null, state: null, news: [] }])
      expect(await theirs.owners()).toEqual(['key:aaaaaaaa', 'key:bbbbbbbb'])
      await theirs.clearNews('key:bbbbbbbb', [offer(1)])
      expect(await ours.list('key:aaaaaaaa')).toMatchObject([{ news: [CHANGE] }])
      await theirs.clearNews('key:aaaaaaaa', [offer(1)])
      expect(await ours.list('key:aaaaaaaa')).toMatchObject([{ checkedAt: 9, state: STATE, news: [] }])
      expect(await ours.remove('key:aaaaaaaa', [offer(1)])).toBe(1)
      expect(await theirs.owners()).toEqual(['key:bbbbbbbb'])
    })

    test('a reading of what was removed meanwhile is not kept', async () => {
      await ours.putCheck('ana', { ...offer(1), checkedAt: 9, state: STATE, news: [] })
      expect(await ours.list('ana')).toEqual([])
    })

    test('an owner watches so many at most, and a list that does not fit is not added in part', async () => {
      const many = Array.from({ length: MAX_WATCHED - 1 }, (_, number) => unread(offer(number)))
      await ours.add('ana', many, 1)
      await expect(ours.add('ana', [unread(offer(900)), unread(offer(901))], 2)).rejects.toMatchObject({
        code: 'invalid_input',
        message: `At most ${MAX_WATCHED} offers and searches can be watched: ${MAX_WATCHED - 1} are, and 2 more do not fit.`,
      })
      expect(await ours.list('ana')).toHaveLength(MAX_WATCHED - 1)
      const last = await Promise.allSettled([
        ours.add('ana', [unread(offer(900))], 3),
        theirs.add('ana', [unread(offer(901))], 3),
      ])
      expect(last.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      expect(await theirs.add('ben', [unread(offer(1))], 3)).toBe(1)
    })
  })
}
