import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { TestClient } from '../support/clients.ts'
import { buyersPhoto, drawnGood } from '../support/drawn-goods.ts'
import { connectInProcess } from '../support/in-process.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { type Listing, makeListings } from '../support/listings.ts'
import { environmentOf } from '../support/live-upstreams.ts'
import { type Gateway, startOpen1688Gateway } from '../support/open1688-gateway.ts'
import { type ParseServer, startParseServer } from '../support/parse-server.ts'
import { createPictureServer, type PictureServer } from '../support/picture-server.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'
import { startTmapiServer, type TmapiServer } from '../support/tmapi-server.ts'

const LISTINGS = 45
const GOODS = 9

const searchReply = z.object({
  products: z.array(z.object({ offer_id: z.string(), similarity: z.number().optional(), moq: z.number().optional() })),
  total_found: z.number().optional(),
  note: z.string().optional(),
  match: z.object({ method: z.string(), compared: z.number(), known: z.number() }),
  source: z.object({ upstream: z.string(), stale: z.boolean() }),
  credits: z.object({ spent: z.number() }),
})

describe('several upstreams, end to end', () => {
  let dir: TempDir
  let pictures: PictureServer
  let listings: Listing[]
  let open1688: Gateway
  let tmapi: TmapiServer
  let parse: ParseServer
  const clients: TestClient[] = []

  beforeEach(async () => {
    dir = makeTempDir()
    const goods = await Promise.all(
      Array.from({ length: GOODS }, async (_, index) => [`/${index}.jpg`, await drawnGood(index)] as const),
    )
    pictures = await createPictureServer({ ...Object.fromEntries(goods), '/once/7.jpg': await buyersPhoto(7) })
    const urls = goods.map(([name]) => `http://${pictures.host}${name}`)
    listings = makeListings(LISTINGS).map((listing, index) => ({ ...listing, picture: urls[index % GOODS] ?? '' }))
    open1688 = await startOpen1688Gateway({ listings })
    tmapi = await startTmapiServer({ listings })
    parse = await startParseServer({ rows: makeIndexRows(40, urls) })
  })
  afterEach(async () => {
    await Promise.all(clients.splice(0).map(client => client.close()))
    await Promise.all([open1688, tmapi, parse, pictures].map(server => server.close()))
    dir.remove()
  })

  /** The environment of a server that has a key for every upstream. */
  const environment = (upstreams: string) => ({
    ...environmentOf({ open1688, tmapi, parse }),
    MCP1688_UPSTREAM: upstreams,
    MCP1688_IMAGE_ALLOW: pictures.host,
  })
  const connect = async (upstreams: string, env: Record<string, string> = {}) => {
    const client = await connectInProcess(dir.path, { ...environment(upstreams), ...env })
    clients.push(client)
    return client
  }
  const photo = async (number: number) => {
    const file = path.join(dir.path, `${number}.jpg`)
    writeFileSync(file, await buyersPhoto(number))
    return file
  }
  const apis = () => open1688.calls.map(({ api }) => api.replace(/^product\.(?:search\.)?/, ''))
  const details = (client: TestClient, id: number | string) =>
    client.call('get_product_details', { offer_id: String(id) })

  it('is asked again at no cost, and for the next page, by a photo whose address answered once', async () => {
    const client = await connect('open1688')
    const image_url = `${pictures.origin}/once/7.jpg`
    const search = async (input: Record<string, unknown>) => {
      const reply = await client.call('search_by_image', { image_url, page_size: 10, ...input })
      expect(reply.isError, reply.text).toBe(false)
      return searchReply.parse(reply.structured)
    }
    const idsOf = ({ products }: z.output<typeof searchReply>) => products.map(({ offer_id }) => offer_id)
    const first = await search({})
    expect(idsOf(await search({ max_credits: 0, response_format: 'detailed' }))).toEqual(idsOf(first))
    expect(apis()).toEqual(['image.upload', 'imageQuery'])
    expect(idsOf(await search({ page: 2 }))).toEqual(listings.slice(10, 20).map(({ id }) => String(id)))
    const cards = await client.call('get_offer_cards', { offer_ids: idsOf(first).slice(0, 1), query: image_url })
    expect(cards.structured).toMatchObject({ query_thumbnail: expect.stringMatching(/^data:image\/webp/) })
    expect(pictures.seen.filter(({ url }) => url.startsWith('/once/'))).toHaveLength(1)
    // What costs something is a new call.
    const fresh = await client.call('search_by_image', { image_url })
    expect(fresh).toMatchObject({ isError: true, text: expect.stringContaining('410') })
  })

  it('keeps the order of an upstream that matches pictures, adds likeness, and uploads and searches once', async () => {
    const client = await connect('open1688')
    const image_url = await photo(7)
    const search = async (input: Record<string, unknown>) => {
      const reply = await client.call('search_by_image', { image_url, page_size: 10, ...input })
      expect(reply.isError, reply.text).toBe(false)
      return searchReply.parse(reply.structured)
    }
    const ids = (from: number, to: number) => listings.slice(from, to).map(({ id }) => String(id))

    // On a busy machine, a reply does not wait until every picture is embedded; searching again costs nothing.
    await expect.poll(async () => (await search({})).match.compared, { timeout: 20_000 }).toBe(10)
    const first = await search({})
    expect(first.products.map(({ offer_id }) => offer_id)).toEqual(ids(0, 10))
    expect(first).toMatchObject({
      total_found: LISTINGS,
      match: { method: 'upstream', compared: 10, known: 10 },
      source: { upstream: 'open1688', stale: false },
    })
    const best = first.products.reduce((a, b) => ((a.similarity ?? 0) >= (b.similarity ?? 0) ? a : b))
    expect(best.offer_id).toBe(String(listings[7]?.id))

    expect((await search({ page: 2 })).products.map(({ offer_id }) => offer_id)).toEqual(ids(10, 20))
    expect(apis()).toEqual(['image.upload', 'imageQuery'])
    expect((await search({ page: 3 })).products.map(({ offer_id }) => offer_id)).toEqual(ids(20, 30))
    expect(apis()).toEqual(['image.upload', 'imageQuery', 'imageQuery'])

    const filtered = await search({ max_moq: 2, location: 'Zhejiang', response_format: 'detailed' })
    expect(filtered.products.length).toBeGreaterThan(0)
    for (const { moq } of filtered.products) expect(moq).toBeLessThanOrEqual(2)
    expect(filtered.note).toContain('Filtered here: max_moq, location. 6 of the 45 offers looked at match.')
    expect(filtered.total_found).toBeUndefined()
    expect(apis()).toHaveLength(4)
  })

  it('buys one page without max_credits, says what the next costs, and nothing at all with 0', async () => {
    const client = await connect('tmapi')
    const search = async (input: Record<string, unknown>) =>
      client.call('search_by_keyword', { keyword: '杯', page_size: 40, ...input })
    expect((await search({ max_credits: 0 })).text).toContain('more than max_credits allows (0)')
    const first = await search({})
    expect(first.structured).toMatchObject({ credits: { spent: 1 } })
    expect(first.text).toContain('Only 20 offers of tmapi were looked at; its next page costs 1 credit.')
    expect(first.text).toContain('repeat this call with max_credits: 1')
    expect((await search({ max_credits: 0 })).structured).toMatchObject({ credits: { spent: 0 } })
    expect((await search({ max_credits: 1 })).structured).toMatchObject({ credits: { spent: 1 } })
    const filtered = await search({ max_price: 9, location: 'Zhejiang', page_size: 5 })
    expect(filtered.text).toContain('Filtered by tmapi: max_price; filtered here: location.')
  })

  it('names a further page that could not be read', async () => {
    const client = await connect('tmapi')
    const input = { keyword: '杯', page_size: 20, location: 'Zhejiang' }
    await client.call('search_by_keyword', input)
    tmapi.answerNext(...Array(9).fill({ status: 200, body: { code: 422, msg: 'parameter error', data: null } }))
    const reply = await client.call('search_by_keyword', { ...input, max_credits: 5 })
    expect(reply.isError, reply.text).toBe(false)
    expect(reply.text).toMatch(
      /This page is short: after 20 offers, the next page of tmapi could not be read \(\w+\)\./,
    )
    expect(reply.text).toContain('repeat this call')
  })

  it('falls back to parse if picture search is not granted, and says why', async () => {
    for (const api of ['product.image.upload', 'product.search.imageQuery', 'alibaba.cross.similar.offer.search'])
      open1688.grants.delete(api)
    const client = await connect('open1688,parse')
    const reply = await client.call('search_by_image', { image_url: await photo(4), page_size: 3 })
    expect(reply.isError, reply.text).toBe(false)
    const { products, match, source, credits, note } = searchReply.parse(reply.structured)
    expect((Number(products[0]?.offer_id) - 7_000_000_001) % GOODS).toBe(4)
    expect({ match, source, credits }).toMatchObject({
      match: { method: 'visual', compared: 40 },
      source: { upstream: 'parse', stale: false },
      credits: { spent: 1 },
    })
    expect(note).toContain('open1688 was asked first and could not answer (not_granted)')
    expect(reply.text).toContain(note ?? '-')
  })

  it('ranks the known offers if no upstream can be called, and says why', async () => {
    const client = await connect('open1688,tmapi')
    const image_url = await photo(2)
    await client.call('search_by_image', { image_url })
    open1688.answerNext('product.image.upload', ...Array(2).fill({ status: 503, body: '' }))
    const other = await client.call('search_by_image', { image_url: await photo(3), page_size: 2 })
    expect(other.isError, other.text).toBe(false)
    expect(other.structured).toMatchObject({ match: { method: 'visual', compared: 20 }, source: { stale: true } })
    expect(other.text).toContain(
      'tmapi: TMAPI only accepts pictures with a public URL, and this one has none. Pass the',
    )
  })

  it('shows an offer from two upstreams only once', async () => {
    const client = await connect('open1688,tmapi')
    await client.call('search_by_image', { image_url: await photo(2) })
    const image_url = await photo(3)
    for (const api of open1688.grants) open1688.grants.delete(api)
    const words = await client.call('search_by_keyword', { keyword: '示例', page_size: 20 })
    expect(words.structured).toMatchObject({ source: { upstream: 'tmapi' } })
    const pages = await Promise.all(
      [1, 2, 3].map(page => client.call('search_by_image', { image_url, page, page_size: 8 })),
    )
    const found = pages.map(page => searchReply.parse(page.structured))
    const ids = found.flatMap(({ products }) => products.map(({ offer_id }) => offer_id))
    expect(ids).toHaveLength(20)
    expect(new Set(ids).size).toBe(20)
    expect(found.at(-1)?.total_found).toBe(20)
    expect(pages.at(-1)?.text).toContain('this is the last page')
  })

  it('stops calling a dead upstream after three calls', async () => {
    const client = await connect('open1688,parse')
    open1688.answerNext('product.search.queryProductDetail', ...Array(9).fill({ status: 503, body: '' }))
    for (let index = 1; index <= 5; index++) {
      const reply = await details(client, 7_000_000_000 + index)
      expect(reply.structured, reply.text).toMatchObject({ source: { upstream: 'parse' }, credits: { spent: 1 } })
      expect(reply.text).toContain('open1688 was asked first and could not answer (upstream_unavailable)')
    }
    // Each call is tried twice.
    expect(apis()).toHaveLength(6)
    expect((await details(client, 7_000_000_001)).structured).toMatchObject({ credits: { spent: 0 } })
    const found = await client.call('search_by_keyword', { keyword: '马克杯' })
    expect(found.structured).toMatchObject({ source: { upstream: 'open1688' } })
  })

  it('gets details from the next upstream if the application may not read single offers', async () => {
    const client = await connect('open1688,parse')
    const withheld = { status: 200, body: { result: { success: false, message: '没有该商品的查询权限' } } }
    open1688.answerNext('product.search.queryProductDetail', ...Array(3).fill(withheld))
    for (let index = 1; index <= 3; index++) {
      const reply = await details(client, 7_000_000_000 + index)
      expect(reply.structured, reply.text).toMatchObject({ source: { upstream: 'parse' } })
    }
    const next = await details(client, listings[0]?.id ?? '')
    expect(next.structured, next.text).toMatchObject({ source: { upstream: 'open1688' } })
  })

  it('uses the next upstream if credits are exhausted, by our count or by the upstream', async () => {
    const client = await connect('parse,tmapi', { MCP1688_CREDITS_PER_MONTH: '1' })
    const [first, second] = listings
    expect((await details(client, 7_000_000_001)).structured).toMatchObject({ source: { upstream: 'parse' } })
    const here = await details(client, first?.id ?? '')
    expect(here.structured).toMatchObject({ source: { upstream: 'tmapi' }, credits: { spent: 1 } })
    expect(here.text).toMatch(/parse was asked first and could not answer \(credits_exhausted\): .* developer tier/)
    expect(parse.calls).toHaveLength(1)
    const usage = await client.call('get_usage')
    expect(usage.structured).toMatchObject({
      upstream: 'parse',
      credits_left: 0,
      others: [{ upstream: 'tmapi', plan: 'token' }],
    })
    const there = await connect('parse,tmapi', { MCP1688_DATA_DIR: path.join(dir.path, 'there') })
    parse.failNext({ kind: 'status', status: 402 })
    expect((await details(there, second?.id ?? '')).text).toContain('could not answer (credits_exhausted)')
  })

  it('starts without a usable upstream, and names what is missing', async () => {
    const none = { MCP1688_OPEN1688_APP_SECRET: '', MCP1688_TMAPI_TOKEN: '', MCP1688_PARSE_API_KEY: '' }
    const client = await connect('open1688,tmapi,parse', none)
    expect((await client.listTools()).length).toBeGreaterThan(3)
    const reply = await details(client, 7_000_000_001)
    expect(reply.isError).toBe(true)
    expect(reply.text).toContain('No upstream could answer.')
    expect(reply.text).toContain('Set MCP1688_OPEN1688_APP_KEY and MCP1688_OPEN1688_APP_SECRET')
    expect(open1688.calls.length + tmapi.calls.length + parse.calls.length).toBe(0)
    const usage = await client.call('get_usage')
    for (const name of ['open1688', 'tmapi', 'parse'])
      expect(usage.text).toContain(`${name} cannot be used: its API key is not set.`)
    expect(usage.structured?.note).toContain('parse cannot be used: its API key is not set.')
  })

  // Each upstream with another protocol version, which makes no difference to the result.
  it.each([
    ['open1688', '马克杯', 'upstream', 12, 0],
    ['tmapi', '马克杯', 'upstream', 12, 1],
    ['parse', '口罩', 'none', 40, 1],
  ] as const)('finds by words what %s has for %s', async (upstream, keyword, method, total, spent) => {
    const client = await connect(upstream)
    const input = { keyword, page_size: 5 }
    const reply = await client.call('search_by_keyword', input)
    expect(reply.isError, reply.text).toBe(false)
    expect(reply.structured).toMatchObject({
      query: keyword,
      total_found: total,
      match: { method },
      source: { upstream, stale: false },
      credits: { spent },
    })
    const { products, note } = searchReply.parse(reply.structured)
    expect(products).toHaveLength(5)
    if (method === 'none') expect(note).toContain('titles of the 40 offers in the local catalogue')
    const next = await client.call('search_by_keyword', { ...input, page: 2 })
    expect(searchReply.parse(next.structured)).toMatchObject({ credits: { spent: 0 }, total_found: total })
  })
})
