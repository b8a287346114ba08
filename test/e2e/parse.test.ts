import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { TestClient } from '../support/clients.ts'
import { buyersPhoto, drawnGood } from '../support/drawn-goods.ts'
import { connectInProcess, runInProcess } from '../support/in-process.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { type ParseServer, startParseServer } from '../support/parse-server.ts'
import { createPictureServer, type PictureServer } from '../support/picture-server.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'
import { stable } from './cases.ts'

/** Many different pictures only where one of them must be found, because embedding takes time. */
const GOODS = 12
const FEW_GOODS = 2

const searchReply = z.object({
  products: z.array(z.object({ offer_id: z.string(), similarity: z.number() })),
  match: z.object({ compared: z.number(), known: z.number() }),
  credits: z.object({ spent: z.number(), remaining: z.number() }),
})

describe('the upstream parse, end to end', () => {
  let dir: TempDir
  let pictures: PictureServer
  let upstream: ParseServer
  let client: TestClient
  let env: Record<string, string>

  beforeEach(() => start(FEW_GOODS))
  afterEach(stop)

  async function start(goodsCount: number): Promise<void> {
    dir = makeTempDir()
    const goods = await Promise.all(
      Array.from({ length: goodsCount }, async (_, index) => [`/${index}.jpg`, await drawnGood(index)] as const),
    )
    pictures = await createPictureServer(Object.fromEntries(goods))
    upstream = await startParseServer({
      rows: makeIndexRows(
        150,
        goods.map(([name]) => `http://${pictures.host}${name}`),
      ),
    })
    env = {
      MCP1688_PARSE_API_KEY: upstream.key,
      MCP1688_PARSE_BASE_URL: upstream.url,
      MCP1688_IMAGE_ALLOW: pictures.host,
      MCP1688_TIER: 'developer',
    }
    client = await connectInProcess(dir.path, env)
  }

  async function stop(): Promise<void> {
    await client.close()
    await upstream.close()
    await pictures.close()
    dir.remove()
  }

  const photo = async (number: number) => {
    const file = path.join(dir.path, `${number}.jpg`)
    writeFileSync(file, await buyersPhoto(number))
    return file
  }

  it('says how many offers match the filters, and lists those with unknown values after them', async () => {
    const input = { image_url: await photo(7), page_size: 4 }
    const noteOf = async (filters: Record<string, unknown>) => {
      const reply = await client.call('search_by_image', { ...input, ...filters })
      expect(reply.text).toContain(`note: ${reply.structured?.note}`)
      return reply
    }
    const moq = await noteOf({ max_moq: 5 })
    expect(moq.structured?.note).toContain(
      '0 of 60 offers match. 60 more are listed after them because their MOQ is not listed.',
    )
    expect(moq.text).toContain('MOQ not listed')
    expect((await noteOf({ location: 'Yiwu' })).structured?.note).toContain('24 of 120 offers match.')
    const words = await client.call('search_by_keyword', { keyword: '口罩', location: 'Yiwu', page_size: 4 })
    expect(words.text).toContain('30 of 150 offers match.')
  })

  it('spends nothing with max_credits 0, and answers from what is known', async () => {
    const known = await client.call('search_by_image', { image_url: await photo(7), max_credits: 0 })
    expect(known.structured).toMatchObject({ credits: { spent: 0 } })
    expect(upstream.calls).toEqual([])
  })

  it('pages through one ranking of an incomplete index, with each offer once', async () => {
    const input = { image_url: await photo(7), page_size: 20 }
    const seen: string[] = []
    for (let page = 1; page <= 3; page++) {
      const reply = await client.call('search_by_image', { ...input, page })
      seen.push(...searchReply.parse(reply.structured).products.map(product => product.offer_id))
    }
    expect(new Set(seen).size).toBe(60)
    expect(upstream.calls).toHaveLength(1)
  })

  it('spends one credit per new search until the index is copied, then none, and finds the photo at every step', async () => {
    await stop()
    await start(GOODS)
    const spent: number[] = []
    const compared: number[] = []
    for (let round = 0; round < 4; round++) {
      const reply = await client.call('search_by_image', { image_url: await photo(7), page_size: 4 + round })
      expect(reply.isError, reply.text).toBe(false)
      const { products, match, credits } = searchReply.parse(reply.structured)
      expect((Number(products[0]?.offer_id) - 7_000_000_001) % GOODS).toBe(7)
      spent.push(credits.spent)
      compared.push(match.compared)
    }
    expect(spent).toEqual([1, 1, 1, 0])
    expect(compared).toEqual([60, 120, 150, 150])
    expect(upstream.calls.map(call => [call.query.page, call.query.page_size])).toEqual([
      ['1', '60'],
      ['2', '60'],
      ['3', '60'],
    ])
    expect(upstream.calls.every(call => !String(call.query.image_url).includes('127.0.0.1'))).toBe(true)
  })

  it('spends nothing on a repeated search, and says what completing the index costs', async () => {
    await stop()
    await start(2)
    const input = { image_url: await photo(1), page_size: 4 }
    const spent: number[] = []
    for (let time = 0; time < 3; time++) {
      const reply = await client.call('search_by_image', input)
      spent.push(searchReply.parse(reply.structured).credits.spent)
      expect(reply.text).toContain('60 of 150')
    }
    expect(spent).toEqual([1, 0, 0])
    const filtered = await client.call('search_by_image', { ...input, max_price: 5 })
    expect(searchReply.parse(filtered.structured).credits.spent).toBe(1)
    expect(upstream.calls).toHaveLength(2)
  })

  it('buys further pages of the index within max_credits where filters leave the page short', async () => {
    const input = { image_url: await photo(5), page_size: 40, location: 'Yiwu', min_price: 1 }
    const spent = async (more: Record<string, unknown>) => {
      const reply = await client.call('search_by_image', { ...input, ...more })
      expect(reply.isError, reply.text).toBe(false)
      return searchReply.parse(reply.structured).credits.spent
    }
    expect(await spent({ max_credits: 2 })).toBe(2)
    expect(await spent({ max_credits: 2 })).toBe(0)
    expect(await spent({ max_credits: 9 })).toBe(1)
    expect(upstream.calls).toHaveLength(3)
  })

  it('copies the index on request, within the given credits', async () => {
    const first = await client.call('sync_catalogue', { max_credits: 2 })
    expect(first.structured).toMatchObject({
      done: false,
      fetched: 120,
      total: 150,
      credits_to_finish: 1,
      credits: { spent: 2 },
    })
    const second = await client.call('sync_catalogue', { max_credits: 5 })
    expect(second.structured).toMatchObject({ done: true, fetched: 150, compared: 150, credits: { spent: 1 } })
    await expect(stable(second).replaceAll(/"remaining": \d+/g, '"remaining": N')).toMatchFileSnapshot('sync.snap.txt')
    const search = await client.call('search_by_image', { image_url: await photo(3), location: 'Yiwu', max_price: 3 })
    expect(search.structured).toMatchObject({ credits: { spent: 0 } })
  })

  it('answers from known offers when the upstream fails, and says so', async () => {
    const image_url = await photo(4)
    await client.call('search_by_image', { image_url })
    upstream.failNext({ kind: 'status', status: 502 })
    const reply = await client.call('search_by_image', { image_url, page_size: 5 })
    expect(reply.structured).toMatchObject({ source: { stale: true }, match: { compared: 60 } })
    expect(reply.text).toContain('a new one could not be fetched (upstream_unavailable)')
    expect(reply.text).toContain("Only 60 of 150 offers in the upstream's index have been fetched")
  })

  it('says what is wrong if nothing is known yet', async () => {
    upstream.failNext({ kind: 'status', status: 401 })
    const reply = await client.call('search_by_image', { image_url: await photo(4) })
    expect(reply).toMatchObject({ isError: true })
    expect(reply.text).toContain('MCP1688_PARSE_API_KEY')
  })

  it('spends nothing on an unusable picture', async () => {
    const broken = path.join(dir.path, 'broken.jpg')
    writeFileSync(broken, 'no picture at all')
    expect((await client.call('search_by_image', { image_url: broken })).isError).toBe(true)
    expect(upstream.calls).toEqual([])
  })

  it('lists its tools without a key, and names the missing variable when called', async () => {
    const keyless = await connectInProcess(dir.path, { MCP1688_UPSTREAM: 'parse' })
    expect((await keyless.listTools()).length).toBeGreaterThanOrEqual(2)
    const reply = await keyless.call('get_product_details', { offer_id: '7000000001' })
    expect(reply.text).toContain('Set MCP1688_PARSE_API_KEY')
    await keyless.close()
  })

  it('never prints the key', async () => {
    upstream.failNext({ kind: 'status', status: 401 })
    const run = await runInProcess(['details', '7000000001', '--log-level', 'debug'], dir.path, env)
    expect(run.exitCode).toBe(4)
    expect(run.stdout + run.stderr).not.toContain(upstream.key)
  })
})
