import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/time/clock.ts'
import { signCall } from '../../../src/upstreams/open1688/signature.ts'
import { createOpen1688, open1688 } from '../../../src/upstreams/open1688/upstream.ts'
import { describeSearchUpstream } from '../../contract/upstream-suite.ts'
import { errorOf, JPEG, LISTINGS, openOpen1688, pictureOf, SIGNAL } from '../../support/live-upstreams.ts'
import { startOpen1688Gateway } from '../../support/open1688-gateway.ts'
import { retried } from '../../support/retried.ts'

for (const drift of [false, true]) {
  describeSearchUpstream(drift ? 'open1688, types exchanged' : 'open1688', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'mcp-1688-open-'))
    const gateway = await startOpen1688Gateway({ listings: LISTINGS, drift })
    const { appKey, appSecret, url: baseUrl } = gateway
    const tokenFile = path.join(folder, 'tokens.db')
    const upstream = createOpen1688({
      appKey,
      appSecret,
      baseUrl,
      tokenFile,
      clock: systemClock,
      ...gateway.authorise(),
    })
    const close = async () => {
      await upstream.close()
      await gateway.close()
      await rm(folder, { recursive: true })
    }
    return { upstream, unknownOfferId: '7999999999', picture: JPEG, keyword: '马克杯', close }
  })
}

describe('the signature', () => {
  // From public documentation and a public client.
  it.each([
    ['test123', 'param2/1/system/currentTime/1000000', { b: '2', a: '1' }, '33E54F4F7B989E3E0E912D3FBD2F1A03CA7CCE88'],
    [
      'UNIT-TEST-SECRET',
      'param2/1/system/currentTime/TEST_APPKEY_0001',
      { productId: '694567890123', access_token: 'UNIT-TEST-TOKEN-abc123', _aop_timestamp: '1700000000000' },
      '75CD0EB77C5DCB393BD2C2E4DB4CE09849780EC9',
    ],
  ])('with the secret %s', (secret, callPath, fields, expected) => {
    expect(signCall(secret, callPath, fields)).toBe(expected)
  })

  it('is accepted for fields that need URL encoding', async () => {
    const { upstream } = await openOpen1688()
    const found = await upstream.keywords?.fetchByKeyword('杯 & "100%"+=?', { page: 1, pageSize: 5 }, SIGNAL)
    expect(found?.value.offers).toEqual([])
  })
})

describe('open1688: pictures', () => {
  it('uploads once and queries each page by the id', async () => {
    const { gateway, pictures } = await openOpen1688()
    expect(pictures.handleOf(JPEG)).toBeNull()
    const { value: handle } = await pictures.register(JPEG, SIGNAL)
    await pictures.fetchMatches(handle, { page: 1, pageSize: 20 }, SIGNAL)
    await pictures.fetchMatches(handle, { page: 2, pageSize: 20 }, SIGNAL)
    expect([...gateway.uploads.values()]).toEqual([Buffer.from(JPEG.bytes)])
    const query = 'product.search.imageQuery'
    expect(gateway.calls.map(({ api }) => api)).toEqual(['product.image.upload', query, query])
  })

  it('reports a damaged picture without a call', async () => {
    const { gateway, pictures } = await openOpen1688()
    const damaged = pictureOf(Buffer.from('RIFF????WEBP nothing'), null)
    await expect(pictures.register(damaged, SIGNAL)).rejects.toMatchObject({ code: 'picture_unreadable' })
    expect(gateway.calls).toEqual([])
  })

  it.each(['0', '', 0, null, undefined])('treats the id %j as a failure', async id => {
    const { gateway, pictures } = await openOpen1688()
    gateway.answerNext('product.image.upload', { status: 200, body: { result: { success: 'true', result: id } } })
    const error = await errorOf(pictures.register(JPEG, SIGNAL))
    expect(error).toMatchObject({ code: 'picture_unreadable', report: { kind: 'answered', status: 200 } })
  })

  it('accepts the id at the top level', async () => {
    const { gateway, pictures } = await openOpen1688()
    gateway.answerNext('product.image.upload', { status: 200, body: { result: '123456' } })
    const { value: handle } = await pictures.register(JPEG, SIGNAL)
    const error = await errorOf(pictures.fetchMatches(handle, { page: 1, pageSize: 5 }, SIGNAL))
    expect(error.code).toBe('upstream_rejected')
    expect(JSON.parse(gateway.calls[1]?.fields.offerQueryParam ?? '')).toMatchObject({ imageId: '123456' })
  })
})

describe('open1688: what is not granted', () => {
  const withUrl = pictureOf(JPEG.bytes, 'https://shop.example/cup.jpg?x=1 2')
  const PAGE = { page: 1, pageSize: 20 }

  it('searches by URL if uploads are not granted, and remembers that', async () => {
    const { gateway, pictures } = await openOpen1688({ grants: ['alibaba.cross.similar.offer.search'] })
    expect(pictures.handleOf(withUrl)).toBeNull()
    const { value: handle, report } = await pictures.register(withUrl, SIGNAL)
    expect(report).toMatchObject({ kind: 'answered', status: 403 })
    expect(pictures.handleOf(withUrl)).toBe(handle)
    expect((await pictures.fetchMatches(handle, PAGE, SIGNAL)).value.offers).toHaveLength(20)
    expect(gateway.calls.at(-1)?.fields.picUrl).toBe(withUrl.url)
  })

  it('says that a search by URL applied no filter, and that a search by ID applied all', async () => {
    const filters = { maxPrice: 10.4, sort: 'price_desc' } as const
    const { gateway, pictures } = await openOpen1688()
    const { value: handle } = await pictures.register(withUrl, SIGNAL)
    const byId = await pictures.fetchMatches(handle, { ...PAGE, ...filters }, SIGNAL)
    expect(byId.value.applied).toBeUndefined()
    expect(JSON.parse(gateway.calls.at(-1)?.fields.offerQueryParam ?? '')).toMatchObject({ priceEnd: '10.4' })
    gateway.grants.delete('product.search.imageQuery')
    const { value } = await retried(open1688.retries, () =>
      pictures.fetchMatches(handle, { ...PAGE, ...filters }, SIGNAL),
    )
    expect(value.applied).toEqual({})
    expect(value.offers.some(({ price }) => (price?.min ?? 0) > 10.4)).toBe(true)
  })

  it('switches to the URL if only the query is not granted', async () => {
    const grants = ['product.image.upload', 'alibaba.cross.similar.offer.search']
    const { gateway, pictures } = await openOpen1688({ grants })
    const { value: handle } = await pictures.register(withUrl, SIGNAL)
    const { value } = await retried(open1688.retries, () => pictures.fetchMatches(handle, PAGE, SIGNAL))
    expect(value.offers).toHaveLength(20)
    expect(gateway.calls).toHaveLength(3)
  })

  it('reports the missing grant if the picture has no URL', async () => {
    const { pictures } = await openOpen1688({ grants: ['alibaba.cross.similar.offer.search'] })
    const error = await errorOf(retried(open1688.retries, () => pictures.register(JPEG, SIGNAL)))
    expect(error.code).toBe('not_granted')
    expect(error.hint).toContain('public URL')
  })

  it('tries again after a while, and uses what was granted meanwhile', async () => {
    let atMs = 0
    const clock = { ...systemClock, monotonic: () => atMs }
    const { gateway, pictures } = await openOpen1688({ grants: ['alibaba.cross.similar.offer.search'] }, { clock })
    await pictures.register(withUrl, SIGNAL)
    gateway.grants.add('product.image.upload')
    expect(pictures.handleOf(withUrl)).not.toBeNull()
    atMs += 15 * 60_000
    expect(pictures.handleOf(withUrl)).toBeNull()
    await pictures.register(withUrl, SIGNAL)
    expect(gateway.uploads.size).toBe(1)
  })

  it('reports that nothing is granted, without going round in circles', async () => {
    const { gateway, pictures } = await openOpen1688({ grants: [] })
    const { value: handle } = await pictures.register(withUrl, SIGNAL)
    const error = await errorOf(retried(open1688.retries, () => pictures.fetchMatches(handle, PAGE, SIGNAL)))
    expect(error.code).toBe('not_granted')
    await errorOf(retried(open1688.retries, () => pictures.register(withUrl, SIGNAL)))
    expect(gateway.calls).toHaveLength(3)
  })
})

describe('open1688: what the application may do', () => {
  it('lists the APIs that are granted', async () => {
    const { upstream, gateway } = await openOpen1688({
      grants: ['product.search.keywordQuery', 'product.search.queryProductDetail'],
    })
    expect((await upstream.checkAccess(SIGNAL)).value).toEqual([
      { api: 'product.image.upload', granted: false, isUsedUp: false },
      { api: 'product.search.imageQuery', granted: false, isUsedUp: false },
      { api: 'alibaba.cross.similar.offer.search', granted: false, isUsedUp: false },
      { api: 'product.search.keywordQuery', granted: true, isUsedUp: false },
      { api: 'product.search.querySellerOfferList', granted: false, isUsedUp: false },
      { api: 'product.analyze.getPerdaySellQuantityTrendNew', granted: false, isUsedUp: false },
      { api: 'product.freight.estimate', granted: false, isUsedUp: false },
      { api: 'product.search.queryProductDetail', granted: true, isUsedUp: false },
    ])
    expect(gateway.calls[0]?.api).toBe('currentTime')
  })

  it('says which package of calls is used up', async () => {
    const { upstream, gateway } = await openOpen1688()
    gateway.answerNext('product.image.upload', { status: 400, body: { error_code: 'gw.NoUsageLeftError' } })
    const { value } = await upstream.checkAccess(SIGNAL)
    expect(value.filter(({ isUsedUp }) => isUsedUp)).toEqual([
      { api: 'product.image.upload', granted: true, isUsedUp: true },
    ])
  })

  it('renews an expired token on the way', async () => {
    const { upstream, gateway } = await openOpen1688()
    gateway.accessTokens.clear()
    const { value } = await upstream.checkAccess(SIGNAL)
    expect(value.map(({ granted }) => granted)).toEqual(Array(8).fill(true))
  })

  it('stops at a wrong secret', async () => {
    const { upstream, gateway } = await openOpen1688({}, { appSecret: 'another' })
    expect(await errorOf(upstream.checkAccess(SIGNAL))).toMatchObject({ code: 'key_rejected' })
    expect(gateway.calls).toHaveLength(1)
  })
})
