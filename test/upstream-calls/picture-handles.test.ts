import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createReplyCache } from '../../src/cache/reply-cache.ts'
import { createSqliteCacheStore } from '../../src/cache/sqlite/cache-store.ts'
import { AppError } from '../../src/errors.ts'
import { createGate } from '../../src/limits/gate/gate.ts'
import type { RetryPolicy } from '../../src/limits/gate/retry.ts'
import { openLedgerFile } from '../../src/limits/ledger/sqlite/ledger-file.ts'
import { createLogger } from '../../src/log.ts'
import { systemClock } from '../../src/time/clock.ts'
import { limitCredits } from '../../src/upstream-calls/payers/credit-limit.ts'
import { open1688 } from '../../src/upstreams/open1688/upstream.ts'
import type { Upstream } from '../../src/upstreams/port.ts'
import { tmapi } from '../../src/upstreams/tmapi/upstream.ts'
import {
  JPEG,
  LISTINGS,
  openOpen1688,
  openTmapi,
  pictureOf,
  SIGNAL,
  temporaryFolder,
} from '../support/live-upstreams.ts'
import { openUpstreamClient } from '../support/upstream-client.ts'

const PHOTO = pictureOf(JPEG.bytes, 'https://shop.example.com/photo.jpg')
const CALL = { signal: SIGNAL }
const page = (number: number) => ({ page: number, pageSize: 20 })

/** A client as the program makes one, with its own ledger and cache; it ends with the test. */
async function openClient(upstream: Upstream, retries: RetryPolicy) {
  const dataDir = await temporaryFolder()
  const logger = createLogger({ level: 'silent', secrets: [], write: () => {} })
  const clock = systemClock
  const plan = { name: 'test', allowance: { callsPerMinute: null, creditsPerMonth: 50, creditResetDay: null } }
  const openLedger = () => openLedgerFile({ dataDir, account: 'key', allowance: plan.allowance, clock })
  const gate = createGate({ plan, openLedger, mode: 'closed', retries, logger })
  const store = createSqliteCacheStore({ file: path.join(dataDir, 'cache.db'), clock })
  const cache = createReplyCache({ store, clock, logger })
  const metering = { gate, cache, scope: 'test', plan, wireMs: 20_000 }
  const client = openUpstreamClient({ upstream, metering, now: clock.now })
  onTestFinished(async () => {
    await cache.close()
    await gate.close()
  })
  const { pictures } = client
  if (pictures === null) throw new Error(`${upstream.name} matches no pictures`)
  return { client, pictures }
}

describe('the search by picture of an upstream', () => {
  it('pays once for handing the picture over, once for each page, and nothing for what is kept', async () => {
    const { upstream, server } = await openTmapi()
    const { client, pictures } = await openClient(upstream, tmapi.retries)
    const first = await pictures.fetchPage(PHOTO, page(1), CALL)
    expect(first.creditsSpent).toBe(2)
    expect(first.value.offers.map(({ offerId }) => offerId)).toEqual(LISTINGS.slice(0, 20).map(({ id }) => String(id)))
    expect((await pictures.fetchPage(PHOTO, page(2), CALL)).creditsSpent).toBe(1)
    expect((await pictures.fetchPage(PHOTO, page(1), CALL)).creditsSpent).toBe(0)
    expect(server.calls.map(({ endpoint }) => endpoint)).toEqual([
      'tools/image/convert_url',
      'search/image',
      'search/image',
    ])
    expect(await client.usage()).toMatchObject({ creditsUsed: 3 })
  })

  it('reserves the highest possible cost with the payer before anything is sent, and nothing for cached answers', async () => {
    const { upstream, server } = await openTmapi()
    const { client, pictures } = await openClient(upstream, tmapi.retries)
    const asked: number[] = []
    const paying = {
      signal: SIGNAL,
      payer: { reserve: async (credits: number) => void asked.push(credits), sent: () => () => undefined },
    }
    await pictures.fetchPage(PHOTO, page(1), paying)
    await pictures.fetchPage(PHOTO, page(1), paying)
    await pictures.fetchPage(PHOTO, page(2), paying)
    await pictures.fetchPage(PHOTO, page(2), { ...paying, refresh: true })
    expect(asked).toEqual([2, 1, 1])

    const calls = server.calls.length
    const empty = async () => {
      throw new AppError({ code: 'credits_exhausted', message: 'No credits.', hint: 'Wait.' })
    }
    const poor = pictures.fetchPage(PHOTO, page(3), {
      signal: SIGNAL,
      payer: { reserve: empty, sent: () => () => undefined },
    })
    const rich = pictures.fetchPage(PHOTO, page(3), CALL)
    await expect(poor).rejects.toMatchObject({ code: 'credits_exhausted' })
    expect((await rich).creditsSpent).toBe(1)
    expect(server.calls).toHaveLength(calls + 1)
    expect(await client.usage()).toMatchObject({ creditsUsed: 5 })
  })

  it('shares one search among all who want it at once', async () => {
    const { upstream, server } = await openTmapi()
    const { pictures } = await openClient(upstream, tmapi.retries)
    const pages = await Promise.all(
      Array.from({ length: 20 }, () => pictures.fetchPage(PHOTO, page(1), { signal: new AbortController().signal })),
    )
    expect(pages.reduce((sum, { creditsSpent }) => sum + creditsSpent, 0)).toBe(2)
    expect(server.calls).toHaveLength(2)
  })

  it('does not pay for a page past the known end, unless refreshed', async () => {
    const { upstream, server } = await openTmapi()
    const { client, pictures } = await openClient(upstream, tmapi.retries)
    await pictures.fetchPage(PHOTO, page(1), CALL)
    const calls = server.calls.length
    const empty = { value: { offers: [], totalFound: LISTINGS.length, hasMore: false }, creditsSpent: 0 }
    expect(await pictures.fetchPage(PHOTO, page(9), CALL)).toMatchObject(empty)
    expect(server.calls).toHaveLength(calls)
    expect(await pictures.fetchPage(PHOTO, page(9), { ...CALL, refresh: true })).toMatchObject({ creditsSpent: 1 })
    // Another question, of which no page is known.
    const cheap = { ...page(9), maxPrice: 11 }
    expect(await pictures.fetchPage(PHOTO, cheap, CALL)).toMatchObject({ value: { offers: [] }, creditsSpent: 1 })
    expect((await pictures.fetchPage(PHOTO, page(3), CALL)).value.offers).toHaveLength(5)
    expect(await client.usage()).toMatchObject({ creditsUsed: 5 })
  })

  it.each([
    ['the total is that of a page', { total_count: 20, has_next_page: true }, 3],
    ['the page before announces it', { total_count: 45, has_next_page: true }, 4],
  ])('asks for a page past the total where %s', async (_, failureText, number) => {
    const { upstream, server } = await openTmapi()
    const { pictures } = await openClient(upstream, tmapi.retries)
    const home = pictureOf(JPEG.bytes, LISTINGS[3]?.picture ?? '')
    const items = LISTINGS.slice(0, 20).map(({ id, title }) => ({ item_id: id, title }))
    const body = { code: 200, msg: 'success', data: { items, ...failureText } }
    server.answerNext(...Array(3).fill({ status: 200, body }))
    for (const before of [1, number - 1]) await pictures.fetchPage(home, page(before), CALL)
    expect((await pictures.fetchPage(home, page(number), CALL)).creditsSpent).toBe(1)
  })

  it('pays once for words, whatever the order, where the source does not know it', async () => {
    const { upstream, server } = await openTmapi()
    const { client } = await openClient(upstream, tmapi.retries)
    for (const order of [{}, { sort: 'repurchase' }, { sort: 'best_match' }, { seller: 'verified' }] as const) {
      await client.keywords?.fetchPage('马克杯', { ...page(1), ...order }, CALL)
    }
    expect(server.calls).toHaveLength(1)
    await client.keywords?.fetchPage('马克杯', { ...page(1), maxPrice: 11 }, CALL)
    expect(server.calls).toHaveLength(2)
  })

  it('hands nothing over where the picture is at home there', async () => {
    const { upstream, server } = await openTmapi()
    const { pictures } = await openClient(upstream, tmapi.retries)
    const known = pictureOf(JPEG.bytes, LISTINGS[3]?.picture ?? '')
    expect((await pictures.fetchPage(known, page(1), CALL)).creditsSpent).toBe(1)
    expect(server.calls.map(({ endpoint }) => endpoint)).toEqual(['search/image'])
  })

  it('does not spend a credit on a picture that only this machine has', async () => {
    const { upstream, server } = await openTmapi()
    const { client, pictures } = await openClient(upstream, tmapi.retries)
    await expect(pictures.fetchPage(JPEG, page(1), CALL)).rejects.toMatchObject({
      code: 'picture_refused',
      creditsSpent: 0,
    })
    expect(server.calls).toEqual([])
    expect(await client.usage()).toMatchObject({ creditsUsed: 0 })
  })

  it('converts the picture again where its converted copy is gone', async () => {
    const { upstream, server } = await openTmapi()
    const { pictures } = await openClient(upstream, tmapi.retries)
    await pictures.fetchPage(PHOTO, page(1), CALL)
    const calls = server.calls.length
    server.answerNext({ status: 200, body: { code: 417, msg: 'gone', data: null } })
    const second = await pictures.fetchPage(PHOTO, page(2), CALL)
    expect(second).toMatchObject({ creditsSpent: 3, value: { totalFound: LISTINGS.length } })
    expect(server.calls.slice(calls).map(({ endpoint }) => endpoint)).toEqual([
      'search/image',
      'tools/image/convert_url',
      'search/image',
    ])
    server.answerNext(...Array(3).fill({ status: 200, body: { code: 417, msg: 'gone', data: null } }))
    const dead = pictures.fetchPage(PHOTO, page(3), CALL)
    await expect(dead).rejects.toMatchObject({ code: 'picture_unreachable', creditsSpent: 3 })
  })

  it('converts it again only for a payer who has the credits for that', async () => {
    const { upstream, server } = await openTmapi()
    const { pictures } = await openClient(upstream, tmapi.retries)
    await pictures.fetchPage(PHOTO, page(1), CALL)
    const gone = { status: 200, body: { code: 417, msg: 'gone', data: null } }
    const second = (maxCredits: number) => {
      server.answerNext(gone)
      return pictures.fetchPage(PHOTO, page(2), { signal: SIGNAL, payer: limitCredits(maxCredits) })
    }
    const calls = server.calls.length
    await expect(second(2)).rejects.toMatchObject({
      code: 'credits_exhausted',
      creditsSpent: 1,
      hint: expect.stringContaining('max_credits: 3'),
    })
    expect(server.calls).toHaveLength(calls + 1)
    expect((await second(3)).creditsSpent).toBe(3)
  })

  it('hands the picture over again where its handle has ended before its time', async () => {
    const { upstream, gateway } = await openOpen1688()
    const { pictures } = await openClient(upstream, open1688.retries)
    await pictures.fetchPage(JPEG, page(1), CALL)
    gateway.uploads.clear()
    expect((await pictures.fetchPage(JPEG, page(2), CALL)).value.offers).toHaveLength(20)
    const apis = gateway.calls.map(({ api }) => api).filter(api => api.startsWith('product'))
    expect(apis).toEqual([
      'product.image.upload',
      'product.search.imageQuery',
      'product.search.imageQuery',
      'product.image.upload',
      'product.search.imageQuery',
    ])
  })
})
