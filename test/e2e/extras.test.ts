/** Reviews, sales and description pictures of an offer, through real clients and the stand-ins. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TestClient } from '../support/clients.ts'
import { connectInProcess, runInProcess } from '../support/in-process.ts'
import { makeListings } from '../support/listings.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'
import { startTmapiServer, type TmapiServer } from '../support/tmapi-server.ts'
import { stable } from './cases.ts'

const OFFER_ID = '610000000003'
const ALL = ['reviews', 'sales', 'description_pictures']

describe('what goes beyond the details of an offer', () => {
  let dir: TempDir
  let tmapi: TmapiServer
  let client: TestClient

  const env = () => ({ MCP1688_UPSTREAM: 'tmapi', MCP1688_TMAPI_TOKEN: tmapi.token, MCP1688_TMAPI_BASE_URL: tmapi.url })
  beforeEach(async () => {
    dir = makeTempDir()
    tmapi = await startTmapiServer({ listings: makeListings(5) })
    client = await connectInProcess(dir.path, env())
  })
  afterEach(async () => {
    await client.close()
    await tmapi.close()
    dir.remove()
  })
  const read = (input: Record<string, unknown>) => client.call('get_product_details', { offer_id: OFFER_ID, ...input })

  it('is read part by part within max_credits, and once', async () => {
    const first = await read({ include: ALL })
    expect(first.text).toContain('not read: reviews (1 credit), sales (1 credit), description_pictures (1 credit)')
    expect(first.text).toContain('next: Call again with max_credits: 4')
    expect(first.structured).toMatchObject({ credits: { spent: 1 } })
    await expect(stable(await read({ include: ALL, max_credits: 4 }))).toMatchFileSnapshot('extras.snap.txt')
    expect(await read({ include: ALL, max_credits: 0 })).toMatchObject({ structured: { credits: { spent: 0 } } })
    const endpoints = tmapi.calls.map(({ endpoint }) => endpoint)
    expect(endpoints).toEqual(['item_detail', 'item/rating', 'item/statistics/sales', 'item_desc'])
  })

  it('is named where the account does not have it, and the rest still comes', async () => {
    await read({})
    tmapi.answerNext({ status: 200, body: { code: 417, msg: 'failed to retrieve data', data: null } })
    const reply = await read({ include: ['sales', 'reviews'], max_credits: 3 })
    expect(reply.text).toContain('reviews')
    expect(reply.text).toMatch(/Not fetched \(not_granted\): (reviews|sales)\. TMAPI does not offer this/)
  })

  it('is a flag of the command line', async () => {
    const flags = ['details', OFFER_ID, '--include', 'reviews', '--max-credits', '2']
    const { stdout } = await runInProcess(flags, dir.path, env())
    expect(stdout).toContain('reviews: 2 written by buyers, newest first; 2 more')
    const { stderr } = await runInProcess(['details', OFFER_ID, '--include', 'rewiews'], dir.path, env())
    expect(stderr).toContain('reviews or sales or description_pictures')
  })
})
