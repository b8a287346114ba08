import { describe, expect, it } from 'vitest'
import { remarksOnIndex } from '../../src/upstream-calls/index-mirror.ts'
import { DAY_MS, mirrorOfIndex } from '../support/mirror-of-index.ts'

const signal = new AbortController().signal

describe('a search at an upstream that has an index only', () => {
  it('buys a page of the index, and waits long only if nothing is known', async () => {
    const { mirror, paid, waits } = mirrorOfIndex(70)
    expect(await mirror().fillFor({ page: 1, pageSize: 10 }, 'photo 1', { signal })).toMatchObject({
      value: { fetched: 20 },
      creditsSpent: 1,
    })
    await mirror().fillFor({ page: 1, pageSize: 10 }, 'photo 2', { signal })
    expect(paid).toEqual([1, 2])
    expect(waits).toEqual([undefined, 2_000])
  })

  it('buys nothing for a search that was answered before', async () => {
    const { mirror, paid } = mirrorOfIndex(70)
    for (let time = 0; time < 3; time++) await mirror().fillFor({ page: 1, pageSize: 10 }, 'the same photo', { signal })
    expect(paid).toEqual([1])
    const report = { fetched: 20, total: 70, creditsToFinish: 3 }
    const again = await mirror().fillFor({ page: 1, pageSize: 10 }, 'the same photo', { signal })
    expect(again).toMatchObject({ value: report, creditsSpent: 0 })
  })

  it('buys for a repeated search what was removed from the copy, or asked for afresh', async () => {
    const { mirror, paid, catalogue } = mirrorOfIndex(70)
    const search = (refresh = false) => mirror().fillFor({ page: 1, pageSize: 10 }, 'one photo', { signal, refresh })
    await search()
    await catalogue.remove('parse', null)
    expect(await search()).toMatchObject({ value: { fetched: 20 }, creditsSpent: 1 })
    await search()
    expect(paid).toEqual([1, 1])
    expect(await search(true)).toMatchObject({ value: { fetched: 40 }, creditsSpent: 1 })
  })

  it('buys nothing for a repeated search when the copy is due for renewal', async () => {
    const { mirror, paid, clock } = mirrorOfIndex(20)
    const search = (id: string) => mirror().fillFor({ page: 1, pageSize: 10 }, id, { signal })
    await search('one photo')
    clock.now += 7 * DAY_MS
    expect(await search('one photo')).toMatchObject({ creditsSpent: 0, value: { creditsToFinish: 1 } })
    await search('another photo')
    expect(paid).toEqual([1, 1])
  })

  it('cuts a later page from the same ranking as the first, for as long as that has enough', async () => {
    const { mirror, paid } = mirrorOfIndex(70)
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
    const { mirror, paid } = mirrorOfIndex(70)
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
    const { mirror, paid, known } = mirrorOfIndex(120)
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
    const { mirror, paid } = mirrorOfIndex(120, { fail: page => page === 3 && isDown })
    const further = { maxCredits: 5, isShort: async () => true }
    const search = () => mirror().fillFor({ page: 1, pageSize: 10 }, 'cups', { signal }, further)
    await expect(search()).rejects.toMatchObject({ code: 'upstream_unavailable', creditsSpent: 2 })
    isDown = false
    expect(await search()).toMatchObject({ value: { fetched: 120 }, creditsSpent: 4 })
    expect(paid).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('fetches an index that is free completely, without haste', async () => {
    const { mirror, waits } = mirrorOfIndex(70, { creditsPerPage: 0 })
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
