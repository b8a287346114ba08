/** Who stands behind an offer, through a real client and the stand-ins of the live upstreams. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type TestClient, WIRES } from '../support/clients.ts'
import { connectInProcess } from '../support/in-process.ts'
import { makeListings } from '../support/listings.ts'
import { type Gateway, startOpen1688Gateway } from '../support/open1688-gateway.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'
import { startTmapiServer, type TmapiServer } from '../support/tmapi-server.ts'
import { stable } from './cases.ts'

const OFFER_ID = '610000000003'

const supplierReply = z.object({
  based_on: z.string(),
  offers_from: z.string(),
  offers: z.array(z.object({ offer_id: z.string(), title: z.string() })),
  not_read: z.array(z.object({ part: z.string(), credits: z.number() })).optional(),
  note: z.string().optional(),
  credits: z.object({ spent: z.number() }),
})

describe('get_supplier', () => {
  let dir: TempDir
  let tmapi: TmapiServer
  let open1688: Gateway
  let client: TestClient

  beforeEach(async () => {
    dir = makeTempDir()
    const listings = makeListings(45).map(listing => ({ ...listing, picture: 'http://127.0.0.1:9/none.jpg' }))
    tmapi = await startTmapiServer({ listings })
    open1688 = await startOpen1688Gateway({ listings })
  })
  afterEach(async () => {
    await client.close()
    await Promise.all([tmapi, open1688].map(server => server.close()))
    dir.remove()
  })

  const connect = async (upstream: string, wire: (typeof WIRES)[number] = WIRES[2]) => {
    client = await connectInProcess(
      dir.path,
      {
        MCP1688_UPSTREAM: upstream,
        MCP1688_TMAPI_TOKEN: tmapi.token,
        MCP1688_TMAPI_BASE_URL: tmapi.url,
        MCP1688_OPEN1688_APP_KEY: open1688.appKey,
        MCP1688_OPEN1688_APP_SECRET: open1688.appSecret,
        MCP1688_OPEN1688_ACCESS_TOKEN: open1688.authorise().accessToken,
        MCP1688_OPEN1688_BASE_URL: open1688.url,
      },
      wire,
    )
  }
  const ask = async (input: Record<string, unknown>) => {
    const reply = await client.call('get_supplier', input)
    expect(reply.isError, reply.text).toBe(false)
    return { ...supplierReply.parse(reply.structured), text: reply.text }
  }
  const endpoints = () => tmapi.calls.map(({ endpoint }) => endpoint)

  it('spends one credit on the listing, names the price of the rest, and buys it once when allowed', async () => {
    await connect('tmapi')
    const plan = await ask({ offer_id: OFFER_ID, dry_run: true })
    expect(plan.not_read?.map(({ credits }) => credits)).toEqual([1, 1, 1])
    expect(endpoints()).toEqual([])

    const first = await ask({ offer_id: OFFER_ID })
    expect(first).toMatchObject({ based_on: 'listing', offers_from: 'known_offers', credits: { spent: 1 } })
    expect(first.text).toContain('next: Pass max_credits: 3 to read the rest')

    const all = await client.call('get_supplier', { offer_id: OFFER_ID, max_credits: 3, page_size: 3 })
    await expect(stable(all)).toMatchFileSnapshot('supplier.snap.txt')
    expect(endpoints()).toEqual(['item_detail', 'shop/shop_info', 'shop/items'])
    const again = await ask({ offer_id: OFFER_ID, max_credits: 0 })
    expect(again).toMatchObject({ based_on: 'shop_record', offers_from: 'upstream', credits: { spent: 0 } })
    expect(endpoints()).toHaveLength(3)
  })

  it('spends nothing if max_credits is 0 and nothing is known', async () => {
    await connect('tmapi')
    const reply = await client.call('get_supplier', { offer_id: OFFER_ID, max_credits: 0 })
    expect(reply).toMatchObject({ isError: true, text: expect.stringContaining('max_credits') })
    expect(endpoints()).toEqual([])
  })

  it('takes a shop_id, and ranks its offers by words', async () => {
    await connect('tmapi', WIRES[0])
    const found = await ask({ shop: 'b2b-2200000001', keyword: '收纳箱', max_credits: 2 })
    expect(found).toMatchObject({ based_on: 'shop_record', credits: { spent: 2 } })
    const matches = found.offers.map(({ title }) => title.includes('收纳箱'))
    expect(matches).toEqual([...Array(5).fill(true), ...Array(15).fill(false)])
    const unknown = await client.call('get_supplier', { shop: 'b2b-1', max_credits: 2 })
    expect(unknown.text).toContain('TMAPI knows no such shop.')
  })

  it('names an API that the account does not have, and answers with the rest', async () => {
    await connect('tmapi')
    const noRoute = { status: 404, body: { message: 'no Route matched with those values' } }
    await client.call('get_product_details', { offer_id: OFFER_ID })
    tmapi.answerNext(noRoute)
    const reply = await ask({ offer_id: OFFER_ID, max_credits: 2 })
    expect(reply.note).toContain('Not fetched (not_granted): profile. TMAPI does not offer its shop APIs')
    expect(reply).toMatchObject({ based_on: 'listing', offers_from: 'upstream' })
  })

  it('lists the offers of a shop at open1688, which charges nothing', async () => {
    await connect('open1688', WIRES[1])
    const reply = await ask({ offer_id: OFFER_ID, page: 2, page_size: 20 })
    expect(reply).toMatchObject({ based_on: 'listing', offers_from: 'upstream', credits: { spent: 0 } })
    expect(reply.offers).toHaveLength(20)
    expect(reply.not_read).toBeUndefined()
  })

  it('shows what the catalogue knows where no upstream can be asked', async () => {
    await connect('sample')
    const { structured } = await client.call('search_by_keyword', { keyword: '保温杯', page_size: 1 })
    const { products } = z.object({ products: z.array(z.object({ offer_id: z.string() })) }).parse(structured)
    const reply = await ask({ offer_id: products[0]?.offer_id })
    expect(reply).toMatchObject({ based_on: 'listing', offers_from: 'known_offers', credits: { spent: 0 } })
    expect(reply.offers.map(({ offer_id }) => offer_id)).toContain(products[0]?.offer_id)
  })

  it.each([
    [{}, 'Neither offer_id nor shop is given.'],
    [{ offer_id: OFFER_ID, shop: 'x' }, 'Both offer_id and shop are given.'],
    [{ shop: '没有这家店' }, 'No known offer is from a shop with this ID or name.'],
  ])('explains bad input: %j', async (input, message) => {
    await connect('tmapi')
    expect(await client.call('get_supplier', input)).toMatchObject({
      isError: true,
      text: expect.stringContaining(message),
    })
  })
})
