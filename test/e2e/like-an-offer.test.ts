/** Searches by the picture of an offer: what they find, and what they cost. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { TestClient } from '../support/clients.ts'
import { drawnGood } from '../support/drawn-goods.ts'
import { connectInProcess, runInProcess, serveInProcess } from '../support/in-process.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { type ParseServer, startParseServer } from '../support/parse-server.ts'
import { createPictureServer, type PictureServer } from '../support/picture-server.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'

const GOODS = 12
const SAMPLE_OFFER = '10203'

const searchReply = z.object({
  query_image_url: z.string(),
  products: z.array(z.object({ offer_id: z.string(), likeness: z.string().optional() })),
  total_found: z.number(),
  credits: z.object({ spent: z.number() }),
})

describe('an offer in place of a picture', () => {
  let dir: TempDir
  beforeAll(() => {
    dir = makeTempDir()
  })
  afterAll(() => dir.remove())

  it('finds others like it, and not itself, in MCP, on the command line and over REST', async () => {
    const client = await connectInProcess(dir.path)
    await client.call('sync_catalogue', { max_credits: 0 })
    const reply = await client.call('search_by_image', { image_url: SAMPLE_OFFER, page_size: 5 })
    const found = searchReply.parse(reply.structured)
    expect(found.query_image_url).toMatch(/^picture of offer 10203, ".+"$/)
    expect(reply.text).toContain(`for ${found.query_image_url}`)
    const ids = found.products.map(({ offer_id }) => offer_id)
    expect(ids).toHaveLength(5)
    expect(ids).not.toContain(SAMPLE_OFFER)
    const link = `https://detail.1688.com/offer/${SAMPLE_OFFER}.html?spm=a26352`
    const next = await client.call('search_by_image', { image_url: link, page: 2, page_size: 5 })
    const more = searchReply.parse(next.structured)
    expect(more.total_found).toBe(found.total_found)
    expect(more.products.filter(({ offer_id }) => [...ids, SAMPLE_OFFER].includes(offer_id))).toEqual([])
    await client.close()

    const { stdout } = await runInProcess(['search', SAMPLE_OFFER, '--page-size', '5', '--json'], dir.path)
    expect(searchReply.parse(JSON.parse(stdout)).products.map(({ offer_id }) => offer_id)).toEqual(ids)

    const serve = await serveInProcess(dir.path)
    const answer: unknown = await (
      await fetch(`${serve.url}/search_by_image?image_url=${SAMPLE_OFFER}&page_size=5`)
    ).json()
    const { data } = z
      .object({
        data: z.object({ query_image_url: z.string(), products: z.array(z.object({ offer_id: z.string() })) }),
      })
      .parse(answer)
    await serve.close()
    expect(data.query_image_url).toBe(found.query_image_url)
    expect(data.products.map(({ offer_id }) => offer_id)).toEqual(ids)
  })
})

describe('an offer whose picture is not known', () => {
  let dir: TempDir
  let pictures: PictureServer
  let upstream: ParseServer
  let client: TestClient

  beforeAll(async () => {
    dir = makeTempDir()
    const goods = await Promise.all(
      Array.from({ length: GOODS }, async (_, index) => [`/${index}.jpg`, await drawnGood(index)] as const),
    )
    pictures = await createPictureServer(Object.fromEntries(goods))
    const urls = goods.map(([name]) => `http://${pictures.host}${name}`)
    upstream = await startParseServer({ rows: makeIndexRows(150, urls) })
    client = await connectInProcess(dir.path, {
      MCP1688_PARSE_API_KEY: upstream.key,
      MCP1688_PARSE_BASE_URL: upstream.url,
      MCP1688_IMAGE_ALLOW: pictures.host,
      MCP1688_TIER: 'developer',
    })
  })
  afterAll(async () => {
    await client.close()
    await Promise.all([upstream.close(), pictures.close()])
    dir.remove()
  })
  const search = (input: Record<string, unknown>) => client.call('search_by_image', input)
  const spent = async (input: Record<string, unknown>) => {
    const reply = await search(input)
    expect(reply.isError, reply.text).toBe(false)
    return searchReply.parse(reply.structured).credits.spent
  }
  /** In the index of the stand-in, far behind the first page. */
  const OFFER_ID = '7000000150'

  it('costs what details cost, which only max_credits allows, and nothing the second time', async () => {
    for (const limit of [{}, { max_credits: 0 }]) {
      const refused = await search({ image_url: OFFER_ID, ...limit })
      expect(refused.isError).toBe(true)
      expect(refused.text).toContain(`The picture of offer ${OFFER_ID} is not known here: finding it costs 1 credit`)
      expect(refused.text).toContain('Pass max_credits: 2')
    }
    expect(upstream.calls.length).toBe(0)
    expect(await spent({ image_url: OFFER_ID, max_credits: 2 })).toBe(2)
    expect(upstream.calls.length).toBe(2)
    const again = await search({ image_url: OFFER_ID, max_credits: 0 })
    expect(again.text).not.toContain(`offer_id: ${OFFER_ID}`)
    expect(searchReply.parse(again.structured).credits.spent).toBe(0)
    expect(await spent({ image_url: '7000000149', max_credits: 1 })).toBe(1)
    expect(upstream.calls.length).toBe(3)
  })

  it('is not_found if there is no such offer, with what that cost', async () => {
    const reply = await search({ image_url: '7999999999', max_credits: 2 })
    expect(reply.isError).toBe(true)
    expect(reply.text).toContain('not_found')
    expect(reply.text).toContain('credits_spent: 1')
  })

  it('ranks the offers of a supplier, or names its price', async () => {
    const named = await client.call('get_supplier', { offer_id: OFFER_ID, image_url: '7000000140' })
    expect(named.text).toContain('the picture to rank by (1 credit)')
    const plan = await client.call('get_supplier', { offer_id: OFFER_ID, image_url: '7000000140', dry_run: true })
    expect(plan.text).toContain('the picture to rank by (1 credit)')
    const before = upstream.calls.length
    const ranked = await client.call('get_supplier', { offer_id: OFFER_ID, image_url: '7000000140', max_credits: 3 })
    expect(ranked.structured).toMatchObject({ credits: { spent: 1 } })
    expect(upstream.calls.length).toBe(before + 1)
    expect(ranked.text).not.toContain('the picture to rank by')
  })
})
