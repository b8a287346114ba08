/** Domestic freight of TMAPI in an estimate, through real clients and the stand-in. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TestClient } from '../support/clients.ts'
import { connectInProcess } from '../support/in-process.ts'
import { makeListings } from '../support/listings.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'
import { startTmapiServer, type TmapiServer } from '../support/tmapi-server.ts'

const OFFER_IDS = ['610000000003', '610000000004']

describe('an estimate with domestic freight', () => {
  let dir: TempDir
  let tmapi: TmapiServer
  let client: TestClient

  beforeEach(async () => {
    dir = makeTempDir()
    tmapi = await startTmapiServer({ listings: makeListings(6) })
    const env = { MCP1688_UPSTREAM: 'tmapi', MCP1688_TMAPI_TOKEN: tmapi.token, MCP1688_TMAPI_BASE_URL: tmapi.url }
    client = await connectInProcess(dir.path, env)
  })
  afterEach(async () => {
    await client.close()
    await tmapi.close()
    dir.remove()
  })
  const estimate = (input: Record<string, unknown>) =>
    client.call('estimate_landed_cost', { offer_ids: OFFER_IDS, quantity: 100, unit_weight_kg: 0.3, ...input })
  const endpoints = () => tmapi.calls.map(({ endpoint }) => endpoint)

  it('asks the upstream only as far as max_credits allows, and once', async () => {
    const first = await estimate({ warehouse: 'Guangdong' })
    expect(first.structured).toMatchObject({ credits: { spent: 2 } })
    expect(first.text).toContain('domestic freight: unknown')
    expect(first.text).toContain(
      'next: Call again with max_credits: 4 for the domestic freight of 2 offers (2 credits).',
    )
    const second = await estimate({ warehouse: 'Guangdong', max_credits: 1 })
    expect(second.text).toContain('domestic freight: 63.00 (upstream: for the whole order)')
    expect(second.text).toContain(
      'next: Call again with max_credits: 2 for the domestic freight of 1 offer (1 credit).',
    )
    const third = await estimate({ warehouse: '广东省', max_credits: 2 })
    expect(third.structured).toMatchObject({ credits: { spent: 1 } })
    expect(await estimate({ warehouse: 'Guangdong', max_credits: 0 })).toMatchObject({
      structured: { credits: { spent: 0 } },
    })
    expect(endpoints()).toEqual(['item_detail', 'item_detail', 'item/shipping', 'item/shipping'])
    expect(tmapi.calls[2]?.query).toMatchObject({ province: '广东省', total_quantity: '100', total_weight: '30' })
  })

  it('is priced by a dry run, which asks nothing', async () => {
    const plan = await estimate({ warehouse: 'Guangdong', dry_run: true })
    expect(plan.structured).toMatchObject({ dry_run: { credits: 2, freight_credits: 2 }, credits: { spent: 0 } })
    expect(plan.text).toContain('spends 2 credits, and domestic freight at most 2 credits more')
    expect(plan.text).toContain('without dry_run with max_credits: 4 spends at most 4 credits.')
    const without = await estimate({ warehouse: 'Guangdong', domestic_freight: 10, dry_run: true })
    expect(without.text).not.toContain('freight at most')
    expect(endpoints()).toEqual([])
  })

  it('keeps the rest of the reply where the upstream cannot estimate it', async () => {
    const reply = await estimate({ warehouse: '西藏', max_credits: 10 })
    expect(reply.isError).toBe(false)
    expect(reply.text).toContain('domestic freight: unknown')
    expect(reply.text).toContain('Not fetched (')
    expect(reply.text).toMatch(/^goods: [\d.-]+ \(listing/m)
  })

  it('does not ask where the buyer names the figure or no warehouse, and refuses a country', async () => {
    expect((await estimate({ warehouse: 'Guangdong', domestic_freight: 12, max_credits: 9 })).text).toContain(
      'domestic freight: 12.00 (argument',
    )
    await estimate({ max_credits: 9 })
    expect(endpoints()).toEqual(['item_detail', 'item_detail'])
    const wrong = await estimate({ warehouse: 'Germany' })
    expect(wrong).toMatchObject({ isError: true })
    expect(wrong.text).toContain('warehouse "Germany" is not a Chinese city or province')
  })
})
