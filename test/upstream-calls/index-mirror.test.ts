import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { DAY_MS, mirrorOfIndex } from '../support/mirror-of-index.ts'

const PAGE = 20
const signal = new AbortController().signal

describe('the mirror of an index', () => {
  it('fetches page after page, each once, as far as the credits reach', async () => {
    const { mirror, paid, known } = mirrorOfIndex(70)
    const first = await mirror().advance({ signal, maxCredits: 1 })
    expect(first).toMatchObject({ creditsSpent: 1, value: { fetched: 20, total: 70, creditsToFinish: 3 } })
    // Another process, or this one after a crash, goes on where the first stopped.
    expect(await mirror().advance({ signal, maxCredits: 99 })).toMatchObject({
      creditsSpent: 3,
      value: { fetched: 70 },
    })
    expect(await mirror().advance({ signal, maxCredits: 99 })).toMatchObject({
      creditsSpent: 0,
      value: { creditsToFinish: 0 },
    })
    expect(paid).toEqual([1, 2, 3, 4])
    expect(await known()).toBe(70)
  })

  it('starts over when the copy is too old, and keeps the known offers meanwhile', async () => {
    const { mirror, paid, clock, known } = mirrorOfIndex(30)
    await mirror().advance({ signal, maxCredits: 9 })
    clock.now += 7 * DAY_MS - 1
    expect((await mirror().report()).creditsToFinish).toBe(0)
    clock.now += 1
    expect((await mirror().report()).creditsToFinish).toBe(2)
    await mirror().advance({ signal, maxCredits: 1 })
    expect(await known()).toBe(30)
    await mirror().advance({ signal, maxCredits: 9 })
    expect(paid).toEqual([1, 2, 1, 2])
    expect((await mirror().report()).creditsToFinish).toBe(0)
  })

  it('keeps what came before a failure, and says what is missing', async () => {
    let isDown = false
    const { mirror, paid } = mirrorOfIndex(70, { fail: page => isDown && page > 2 })
    isDown = true
    await expect(mirror().advance({ signal, maxCredits: 9 })).rejects.toThrow(AppError)
    expect(await mirror().report()).toEqual({ fetched: 40, total: 70, creditsToFinish: 2 })
    isDown = false
    await mirror().advance({ signal, maxCredits: 9 })
    expect(paid).toEqual([1, 2, 3, 4])
  })

  it('waits for the limits only in the time that is left for all pages', async () => {
    const { mirror, waits, clock } = mirrorOfIndex(70)
    const onPage = () => {
      clock.now += 15_000
    }
    await mirror().advance({ signal, maxCredits: 9, waitUntil: clock.now + 38_000, onPage })
    expect(waits).toEqual([38_000, 23_000, 8_000, 0])
  })

  it('finds the end of an index that reports no size or a wrong one', async () => {
    for (const announced of [null, 500]) {
      const { mirror, paid, known } = mirrorOfIndex(50, { announced })
      await mirror().advance({ signal, maxCredits: 99 })
      expect(await known()).toBe(50)
      expect(paid.length).toBeLessThanOrEqual(4)
      expect((await mirror().report()).creditsToFinish).toBe(0)
    }
  })

  it('releases a call that is cancelled before its turn, and lets no other in early', async () => {
    let letGo = () => {}
    const before = new Promise<void>(resolve => {
      letGo = resolve
    })
    const { mirror, paid } = mirrorOfIndex(70, { before })
    const shared = mirror()
    const impatient = new AbortController()
    const first = shared.advance({ signal, maxCredits: 1 })
    const second = shared.advance({ signal: impatient.signal, maxCredits: 1 })
    const third = shared.advance({ signal, maxCredits: 1 })
    impatient.abort()
    await expect(second).rejects.toMatchObject({ code: 'cancelled' })
    letGo()
    expect((await first).value.fetched).toBe(20)
    expect((await third).value.fetched).toBe(40)
    expect(paid).toEqual([1, 2])
  })

  it('lets calls of one process take turns: no page is paid twice, and those that wait are told', async () => {
    const { mirror, paid } = mirrorOfIndex(70)
    const shared = mirror()
    const told: string[] = []
    const onProgress = ({ message }: { message: string }) => told.push(message)
    await Promise.all(Array.from({ length: 5 }, () => shared.advance({ signal, maxCredits: 1, onProgress })))
    expect(paid).toEqual([1, 2, 3, 4])
    // All but the first.
    expect(told).toEqual(Array(4).fill('waiting for another call that copies the index'))
  })

  it('takes a page that another process buys, and stops if that is enough', async () => {
    const { mirror, paid } = mirrorOfIndex(70, { bought: page => page <= 2 })
    const few = { signal, maxCredits: 9, enough: 1 }
    expect(await mirror().advance(few)).toMatchObject({ creditsSpent: 0, value: { fetched: 20 } })
    expect(await mirror().advance({ signal, maxCredits: 1 })).toMatchObject({
      creditsSpent: 1,
      value: { fetched: 60 },
    })
    expect(paid).toEqual([3])
  })

  it('buys one page for all callers that need one', async () => {
    const { mirror, paid } = mirrorOfIndex(70)
    const shared = mirror()
    const few = { signal, maxCredits: 9, enough: 1 }
    const all = await Promise.all(Array.from({ length: 5 }, () => shared.advance(few)))
    expect(all.map(({ value }) => value.fetched)).toEqual([20, 20, 20, 20, 20])
    expect(all.reduce((sum, { creditsSpent }) => sum + creditsSpent, 0)).toBe(1)
    expect(paid).toEqual([1])
  })

  it('never spends more than it may, whatever the size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 130 }),
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 6 }),
        async (size, budgets) => {
          const { mirror, paid, known } = mirrorOfIndex(size)
          for (const maxCredits of budgets) {
            const before = paid.length
            const { creditsSpent } = await mirror().advance({ signal, maxCredits })
            expect(creditsSpent).toBe(paid.length - before)
            expect(creditsSpent).toBeLessThanOrEqual(maxCredits)
          }
          expect(new Set(paid).size).toBe(paid.length)
          expect(await known()).toBe(Math.min(size, paid.length * PAGE))
        },
      ),
      { numRuns: 25 },
    )
  })
})
