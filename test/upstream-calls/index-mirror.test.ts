import path from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { Catalogue } from '../../src/catalogue/catalogue.ts'
import { createSqliteCatalogue } from '../../src/catalogue/sqlite/catalogue.ts'
import { AppError } from '../../src/errors.ts'
import { IN_MEMORY } from '../../src/store/sqlite.ts'
import { createMirror, remarksOnIndex } from '../../src/upstream-calls/index-mirror.ts'
import { parseIndexPage } from '../../src/upstreams/parse/mapping.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { ROOT } from '../support/program.ts'

const DAY_MS = 86_400_000
const PAGE = 20
const signal = new AbortController().signal

const open: Catalogue[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(catalogue => catalogue.close()))
})

/** An index of `size` rows behind a mirror, with every page that was paid for; those that are `bought` come from another process. */
function setUp(
  size: number,
  options: {
    announced?: number | null
    fail?: (page: number) => boolean
    before?: Promise<void>
    bought?: (page: number) => boolean
    creditsPerPage?: number
  } = {},
) {
  const catalogue = createSqliteCatalogue({ file: IN_MEMORY, distDir: path.join(ROOT, 'dist') })
  open.push(catalogue)
  const rows = makeIndexRows(size, ['https://cbu01.alicdn.com/img/ibank/a.jpg'])
  const paid: number[] = []
  const waits: (number | undefined)[] = []
  const clock = { now: 1_000_000 }
  const answered = new Set<string>()
  const mirror = () =>
    createMirror({
      catalogue,
      source: 'parse',
      index: {
        maxPageSize: PAGE,
        fetchPage: async (page, { maxWaitMs }) => {
          waits.push(maxWaitMs)
          await options.before
          if (options.fail?.(page)) throw new AppError({ code: 'upstream_unavailable', message: 'no', hint: 'later' })
          const creditsSpent = options.bought?.(page) ? 0 : 1
          if (creditsSpent > 0) paid.push(page)
          const products = rows.slice((page - 1) * PAGE, page * PAGE)
          const total_found = options.announced === undefined ? size : options.announced
          const value = parseIndexPage({ data: { products, ...(total_found === null ? {} : { total_found }) } })
          return { value, creditsSpent, retrievedAt: clock.now, staleBecause: null }
        },
      },
      creditsPerPage: options.creditsPerPage ?? 1,
      ttlMs: 7 * DAY_MS,
      oncePerSearch: async (searchId, call, fill) => {
        if (answered.has(searchId) && !call.refresh) return { creditsSpent: 0 }
        const filled = await fill(call)
        answered.add(searchId)
        return filled
      },
      now: () => clock.now,
    })
  const known = async () => (await catalogue.list(['parse'], null, 1_000)).length
  return { mirror, paid, waits, clock, known, catalogue }
}

describe('the mirror of an index', () => {
  it('fetches page after page, each once, as far as the credits reach', async () => {
    const { mirror, paid, known } = setUp(70)
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
    const { mirror, paid, clock, known } = setUp(30)
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
    const { mirror, paid } = setUp(70, { fail: page => isDown && page > 2 })
    isDown = true
    await expect(mirror().advance({ signal, maxCredits: 9 })).rejects.toThrow(AppError)
    expect(await mirror().report()).toEqual({ fetched: 40, total: 70, creditsToFinish: 2 })
    isDown = false
    await mirror().advance({ signal, maxCredits: 9 })
    expect(paid).toEqual([1, 2, 3, 4])
  })

  it('waits for the limits only in the time that is left for all pages', async () => {
    const { mirror, waits, clock } = setUp(70)
    const onPage = () => {
      clock.now += 15_000
    }
    await mirror().advance({ signal, maxCredits: 9, waitUntil: clock.now + 38_000, onPage })
    expect(waits).toEqual([38_000, 23_000, 8_000, 0])
  })

  it('finds the end of an index that reports no size or a wrong one', async () => {
    for (const announced of [null, 500]) {
      const { mirror, paid, known } = setUp(50, { announced })
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
    const { mirror, paid } = setUp(70, { before })
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

  it('lets calls of one process take turns: no page is paid twice', async () => {
    const { mirror, paid } = setUp(70)
    const shared = mirror()
    await Promise.all(Array.from({ length: 5 }, () => shared.advance({ signal, maxCredits: 1 })))
    expect(paid).toEqual([1, 2, 3, 4])
  })

  it('takes a page that another process buys, and stops if that is enough', async () => {
    const { mirror, paid } = setUp(70, { bought: page => page <= 2 })
    const few = { signal, maxCredits: 9, enough: 1 }
    expect(await mirror().advance(few)).toMatchObject({ creditsSpent: 0, value: { fetched: 20 } })
    expect(await mirror().advance({ signal, maxCredits: 1 })).toMatchObject({
      creditsSpent: 1,
      value: { fetched: 60 },
    })
    expect(paid).toEqual([3])
  })

  it('buys one page for all callers that need one', async () => {
    const { mirror, paid } = setUp(70)
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
          const { mirror, paid, known } = setUp(size)
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

describe('a search at an upstream that has an index only', () => {
  it('buys a page of the index, and waits long only if nothing is known', async () => {
    const { mirror, paid, waits } = setUp(70)
    expect(await mirror().fillFor({ page: 1, pageSize: 10 }, 'photo 1', { signal })).toMatchObject({
      value: { fetched: 20 },
      creditsSpent: 1,
    })
    await mirror().fillFor({ page: 1, pageSize: 10 }, 'photo 2', { signal })
    expect(paid).toEqual([1, 2])
    expect(waits).toEqual([undefined, 2_000])
  })

  it('buys nothing for a search that was answered before', async () => {
    const { mirror, paid } = setUp(70)
    for (let time = 0; time < 3; time++) await mirror().fillFor({ page: 1, pageSize: 10 }, 'the same photo', { signal })
    expect(paid).toEqual([1])
    const report = { fetched: 20, total: 70, creditsToFinish: 3 }
    const again = await mirror().fillFor({ page: 1, pageSize: 10 }, 'the same photo', { signal })
    expect(again).toMatchObject({ value: report, creditsSpent: 0 })
  })

  it('buys for a repeated search what was removed from the copy, or asked for afresh', async () => {
    const { mirror, paid, catalogue } = setUp(70)
    const search = (refresh = false) => mirror().fillFor({ page: 1, pageSize: 10 }, 'one photo', { signal, refresh })
    await search()
    await catalogue.remove('parse', null)
    expect(await search()).toMatchObject({ value: { fetched: 20 }, creditsSpent: 1 })
    await search()
    expect(paid).toEqual([1, 1])
    expect(await search(true)).toMatchObject({ value: { fetched: 40 }, creditsSpent: 1 })
  })

  it('buys nothing for a repeated search when the copy is due for renewal', async () => {
    const { mirror, paid, clock } = setUp(20)
    const search = (id: string) => mirror().fillFor({ page: 1, pageSize: 10 }, id, { signal })
    await search('one photo')
    clock.now += 7 * DAY_MS
    expect(await search('one photo')).toMatchObject({ creditsSpent: 0, value: { creditsToFinish: 1 } })
    await search('another photo')
    expect(paid).toEqual([1, 1])
  })

  it('cuts a later page from the same ranking as the first, for as long as that has enough', async () => {
    const { mirror, paid } = setUp(70)
    await mirror().fillFor({ page: 1, pageSize: 10 }, 'photo 3', { signal })
    expect(await mirror().fillFor({ page: 2, pageSize: 10 }, 'photo 4', { signal })).toMatchObject({
      value: { fetched: 20 },
      creditsSpent: 0,
    })
    expect(paid).toEqual([1])
    await mirror().fillFor({ page: 3, pageSize: 10 }, 'photo 5', { signal })
    expect(paid).toEqual([1, 2])
  })

  it('buys nothing for a page past the end of the index, unless asked for afresh', async () => {
    const { mirror, paid } = setUp(70)
    const search = (page: number, refresh = false) =>
      mirror().fillFor({ page, pageSize: 10 }, `page ${page}`, { signal, refresh })
    await search(1)
    expect(await search(8)).toMatchObject({ value: { fetched: 20, total: 70 }, creditsSpent: 0 })
    expect(paid).toEqual([1])
    await search(7)
    await search(8, true)
    expect(paid).toEqual([1, 2, 3])
  })

  it('buys further pages within the budget while the copy is short, and none when asked again', async () => {
    const { mirror, paid, known } = setUp(120)
    const search = (id: string, maxCredits: number, enough: number) =>
      mirror().fillFor(
        { page: 1, pageSize: 10 },
        id,
        { signal },
        { maxCredits, isShort: async () => (await known()) < enough },
      )
    expect(await search('cups', 5, 50)).toMatchObject({ value: { fetched: 60 }, creditsSpent: 3 })
    expect(await search('cups', 5, 50)).toMatchObject({ creditsSpent: 0 })
    expect(await search('mugs', 2, 1_000)).toMatchObject({ value: { fetched: 100 }, creditsSpent: 2 })
    expect(await search('jugs', 9, 1_000)).toMatchObject({ value: { fetched: 120 }, creditsSpent: 1 })
    expect(paid).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('reports what was paid before a further page failed, and tries again when asked again', async () => {
    let isDown = true
    const { mirror, paid } = setUp(120, { fail: page => page === 3 && isDown })
    const further = { maxCredits: 5, isShort: async () => true }
    const search = () => mirror().fillFor({ page: 1, pageSize: 10 }, 'cups', { signal }, further)
    await expect(search()).rejects.toMatchObject({ code: 'upstream_unavailable', creditsSpent: 2 })
    isDown = false
    expect(await search()).toMatchObject({ value: { fetched: 120 }, creditsSpent: 4 })
    expect(paid).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('fetches an index that is free completely, without haste', async () => {
    const { mirror, waits } = setUp(70, { creditsPerPage: 0 })
    const { value } = await mirror().fillFor({ page: 2, pageSize: 10 }, 'photo 6', { signal })
    expect(value).toEqual({ fetched: 70, total: 70, creditsToFinish: 0 })
    expect(waits).toEqual([undefined, undefined, undefined, undefined])
  })

  it('says when the index is not complete', () => {
    const incomplete = { fetched: 60, total: 150, creditsToFinish: 2 }
    expect(remarksOnIndex(incomplete)).toEqual([{ kind: 'index_incomplete', ...incomplete }])
    expect(remarksOnIndex({ fetched: 150, total: 150, creditsToFinish: 0 })).toEqual([])
    expect(remarksOnIndex(null)).toEqual([])
  })
})
