/** Several products in one call, through real clients and the stand-in of TMAPI. */
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { TestClient } from '../support/clients.ts'
import { connectInProcess } from '../support/in-process.ts'
import { type Listing, makeListings } from '../support/listings.ts'
import { createPictureServer, type PictureServer } from '../support/picture-server.ts'
import { DEMO_PHOTO } from '../support/pictures.ts'
import { makeTempDir, ROOT, type TempDir } from '../support/program.ts'
import { startTmapiServer, type TmapiServer } from '../support/tmapi-server.ts'
import { stable } from './cases.ts'

const WORDS = ['马克杯', '保温杯', '锅铲', '收纳箱']

const reply = z.object({
  products: z.array(
    z.object({
      status: z.string(),
      code: z.string().optional(),
      offers: z.array(z.object({ offer_id: z.string(), order_total: z.string().optional() })),
    }),
  ),
  suppliers: z.array(
    z.object({
      shop_id: z.string().optional(),
      covers: z.array(z.object({ product: z.number(), offer_id: z.string() })),
    }),
  ),
  left: z.array(z.number()),
  failed: z.array(z.number()),
  dry_run: z.object({ credits: z.number() }).optional(),
  retry_after_s: z.number().optional(),
  next: z.string(),
  credits: z.object({ spent: z.number() }),
})

describe('source_many', () => {
  let dir: TempDir
  let pictures: PictureServer
  let tmapi: TmapiServer
  let client: TestClient
  let listings: Listing[]

  beforeEach(async () => {
    dir = makeTempDir()
    pictures = await createPictureServer({ '/a.jpg': Buffer.from('no picture') })
    listings = makeListings(20).map(listing => ({ ...listing, picture: `http://${pictures.host}/a.jpg` }))
    tmapi = await startTmapiServer({ listings })
  })
  afterEach(async () => {
    await client.close()
    await Promise.all([tmapi, pictures].map(server => server.close()))
    dir.remove()
  })

  const connect = async (upstream = 'tmapi', env: Record<string, string> = {}) => {
    client = await connectInProcess(dir.path, {
      MCP1688_UPSTREAM: upstream,
      MCP1688_TMAPI_TOKEN: tmapi.token,
      MCP1688_TMAPI_BASE_URL: tmapi.url,
      ...env,
    })
  }
  const source = async (input: Record<string, unknown>) => {
    const { isError, text, structured } = await client.call('source_many', input)
    expect(isError, text).toBe(false)
    return { ...reply.parse(structured), text }
  }
  const searched = () => tmapi.calls.map(({ query }) => query.keyword)

  it('finds a shortlist for each product, and the supplier that has several', async () => {
    await connect()
    const found = await client.call('source_many', { keywords: WORDS, quantities: [100, 200, 50, 10], offers_each: 1 })
    await expect(stable(found)).toMatchFileSnapshot('source-many.snap.txt')
    const { suppliers } = reply.parse(found.structured)
    expect(suppliers.map(({ covers }) => covers.map(({ product }) => product))).toEqual([[1, 2, 3, 4]])
  })

  it('spends no more than its budget, names what is left, and goes on without paying twice', async () => {
    await connect()
    const plan = await source({ keywords: WORDS, dry_run: true })
    expect(plan).toMatchObject({ dry_run: { credits: 4 }, credits: { spent: 0 }, left: [] })
    expect(searched()).toEqual([])

    const first = await source({ keywords: WORDS, max_credits: 3 })
    expect(first).toMatchObject({ left: [4], failed: [], credits: { spent: 3 } })
    expect(first.products[3]).toMatchObject({ status: 'left', code: 'credits_exhausted' })
    expect(await source({ keywords: WORDS, dry_run: true })).toMatchObject({ dry_run: { credits: 1 } })
    const second = await source({ keywords: WORDS, max_credits: 3 })
    expect(second).toMatchObject({ left: [], credits: { spent: 1 } })
    expect(await source({ keywords: WORDS, max_credits: 0 })).toMatchObject({ left: [], credits: { spent: 0 } })
    expect(searched()).toEqual(WORDS)
  })

  it('takes an offer for a photo, and buys its picture within the budget', async () => {
    await connect('tmapi', { MCP1688_IMAGE_ALLOW: pictures.host })
    const offer = { image_urls: ['610000000003'] }
    expect(await source({ ...offer, dry_run: true })).toMatchObject({ dry_run: { credits: 2 } })
    expect(await source({ ...offer, max_credits: 0 })).toMatchObject({ left: [1], credits: { spent: 0 } })
    expect(tmapi.calls).toEqual([])
  })

  it('does not leave for later a photo that the upstream can never take, if known offers were ranked', async () => {
    await connect()
    await client.call('search_by_keyword', { keyword: '马克杯' })
    const found = await source({ image_urls: [DEMO_PHOTO] })
    expect(found).toMatchObject({ left: [], failed: [], credits: { spent: 0 } })
    expect(found.text).toContain('TMAPI only accepts pictures with a public URL')
    expect(found.next).not.toContain('Call again')
  })

  it('is not spoilt by a photo that cannot be read', async () => {
    await connect()
    const bad = [path.join(dir.path, 'missing.jpg'), `http://${pictures.host}/a.jpg`, 'file-service://file-abc']
    const found = await source({ image_urls: bad, keywords: ['马克杯'], quantities: [1, 2, 3, 4] })
    expect(found).toMatchObject({ failed: [1, 2, 3], left: [], credits: { spent: 1 } })
    expect(found.products[3]?.offers).toHaveLength(3)
    expect(found.text).toContain('1 of 4 products searched, within 7 credits; failed: 1, 2, 3')
  })

  it('leaves for later what the upstream refused for now', async () => {
    await connect()
    tmapi.answerNext(...Array.from({ length: 4 }, () => ({ status: 429, body: {}, headers: { 'retry-after': '30' } })))
    const found = await source({ keywords: ['马克杯'] })
    expect(found).toMatchObject({ left: [1], retry_after_s: expect.any(Number), credits: { spent: 0 } })
    expect(found.next).toMatch(/^Call again with the same arguments in \d+ s for the 1 product left/)
  })

  it('fails as a whole only where every product fails for the same reason', async () => {
    await connect('tmapi', { MCP1688_TMAPI_TOKEN: 'wrong' })
    const refused = await client.call('source_many', { keywords: WORDS })
    expect(refused).toMatchObject({ isError: true, text: expect.stringContaining('key_rejected') })
  })

  it('searches photos and words of sample data, with a report of progress', async () => {
    await connect('sample')
    await client.call('sync_catalogue', { max_credits: 0 })
    const steps: number[] = []
    const photos = [DEMO_PHOTO, path.join(ROOT, 'test/fixtures/queries/mug-rotated.webp')]
    const input = { image_urls: photos, keywords: '雨伞', quantities: '200' }
    const found = await client.call('source_many', input, { onProgress: ({ progress }) => steps.push(progress) })
    expect(reply.parse(found.structured).products.map(({ status }) => status)).toEqual(['found', 'found', 'found'])
    expect(steps.length).toBeGreaterThan(0)
    expect(steps).toEqual(steps.toSorted((a, b) => a - b))
  })

  it.each([
    [{}, 'Neither image_urls nor keywords names a product.'],
    [{ keywords: WORDS, quantities: [1, 2] }, 'quantities has 2 numbers for 4 products.'],
    [{ keywords: Array(7).fill('杯'), image_urls: Array(6).fill('a.jpg') }, '13 products are too many.'],
    [{ keywords: Array(13).fill('杯') }, 'keywords takes at most 12 items'],
  ])('explains bad input: %j', async (input, message) => {
    await connect()
    const answer = await client.call('source_many', input)
    expect(answer).toMatchObject({ isError: true, text: expect.stringContaining(message) })
  })
})
