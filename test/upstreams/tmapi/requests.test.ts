import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/time/clock.ts'
import { createTmapi } from '../../../src/upstreams/tmapi/upstream.ts'
import { picturePath } from '../../support/listings.ts'
import { errorOf, JPEG, openTmapi, pictureOf, SIGNAL } from '../../support/live-upstreams.ts'

const FOREIGN_URL = 'https://shop.example/cup.jpg'
const ON_ALIBABA = `https://cbu01.alicdn.com${picturePath(0)}`
const PAGE = { page: 1, pageSize: 20 }

describe('tmapi: filters and orders', () => {
  it('sends those that search/image documents', async () => {
    const { server, pictures } = await openTmapi()
    const filters = { minPrice: 10.2, maxPrice: 10.5, maxMoq: 3, sort: 'price_desc', seller: 'verified' } as const
    const { value } = await pictures.fetchMatches(ON_ALIBABA, { ...PAGE, ...filters }, SIGNAL)
    expect(server.calls[0]?.query).toMatchObject({
      price_start: '10.2',
      price_end: '10.5',
      sort: 'price_down',
      verified_supplier: 'true',
    })
    expect(server.calls[0]?.query).not.toHaveProperty('moq')
    expect(value.offers.map(({ price }) => price?.min)).toEqual([10.5, 10.45, 10.4, 10.35, 10.3, 10.25, 10.2])
  })

  it('sends those that search/items documents', async () => {
    const { server, upstream } = await openTmapi()
    const filters = { maxPrice: 30, maxMoq: 2, sort: 'sales' } as const
    await upstream.keywords?.fetchByKeyword('杯', { ...PAGE, ...filters }, SIGNAL)
    expect(server.calls[0]?.query).toMatchObject({ price_end: '30', moq: '2', sort: 'sales' })
  })

  it.each(['factory', 'verified'] as const)('sends none for what TMAPI cannot filter by words: %s', async seller => {
    const { server, upstream } = await openTmapi()
    await upstream.keywords?.fetchByKeyword('杯', { ...PAGE, sort: 'repurchase', seller }, SIGNAL)
    expect(Object.keys(server.calls[0]?.query ?? {}).sort()).toEqual([
      'apiToken',
      'keyword',
      'page',
      'page_size',
      'sort',
    ])
    expect(server.calls[0]?.query.sort).toBe('default')
  })
})

describe('tmapi: the token', () => {
  it('is sent in a header, on request', async () => {
    const { server, upstream, pictures } = await openTmapi({ auth: 'header' }, { auth: 'header' })
    await upstream.fetchDetails('610000000001', SIGNAL)
    await pictures.register(pictureOf(JPEG.bytes, FOREIGN_URL), SIGNAL)
    expect(server.calls.map(({ query }) => query.apiToken)).toEqual([undefined, undefined])
  })

  it('is in no part of an error that quotes the URL', async () => {
    const token = 'secret canary/+ä!'
    const urls = [
      new URLSearchParams({ apiToken: token }),
      `apiToken=${encodeURIComponent(token)}`,
      `apiToken=${token}`,
    ]
    const cause = Object.assign(new Error(`cause ${urls[1]}`), { input: urls[0] })
    const clock = {
      ...systemClock,
      monotonic: () => {
        throw new Error(urls.join('\n'), { cause })
      },
    }
    const { upstream } = await openTmapi({}, { token, clock })
    const error = await errorOf(upstream.fetchDetails('610000000001', SIGNAL))
    const shown = inspect(error, { depth: 10, showHidden: true })
    expect(shown).toContain('apiToken=[redacted]')
    expect(shown).not.toContain('canary')
  })

  it('is not doubled where the base URL has the path already', async () => {
    const { server } = await openTmapi()
    const upstream = createTmapi({ token: server.token, baseUrl: `${server.url}/1688`, clock: systemClock })
    await upstream.fetchDetails('610000000001', SIGNAL)
    expect(server.calls.map(({ endpoint }) => endpoint)).toEqual(['item_detail'])
    await upstream.close()
  })
})
