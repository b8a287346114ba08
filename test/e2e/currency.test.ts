/** Prices beside CNY, through a real client on sample data. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TestClient } from '../support/clients.ts'
import { connectInProcess } from '../support/in-process.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'

const CALLS = {
  search_by_keyword: { keyword: '雨伞', page_size: 2 },
  get_product_details: { offer_id: '10001', quantity: 300 },
  get_supplier: { offer_id: '10001' },
  compare_products: { offer_ids: ['10001', '10002'] },
  source_many: { keywords: ['雨伞', '保温杯'] },
  estimate_landed_cost: { offer_ids: ['10001'], quantity: 300 },
}

describe('a currency beside CNY', () => {
  let dir: TempDir
  let client: TestClient
  beforeEach(() => {
    dir = makeTempDir()
  })
  afterEach(async () => {
    await client.close()
    dir.remove()
  })
  const connect = async (env: Record<string, string>) => {
    client = await connectInProcess(dir.path, env)
    await client.call('search_by_keyword', { keyword: '雨伞' })
  }

  it('is the default of every tool that shows prices, with its rate', async () => {
    await connect({ MCP1688_FX: 'USD=7.1,EUR=7.8', MCP1688_CURRENCY: 'USD' })
    for (const [tool, input] of Object.entries(CALLS)) {
      const reply = await client.call(tool, input)
      expect(reply.isError, reply.text).toBe(false)
      expect(reply.text, tool).toContain('1 USD = 7.1 CNY (MCP1688_FX)')
      expect(reply.structured, tool).toMatchObject({ currency: { code: 'USD', cny: '7.1' } })
    }
    const inEuro = await client.call('get_product_details', { offer_id: '10001', quantity: 500, currency: 'EUR' })
    expect(inEuro.text).toContain('price: 19.00-20.50 CNY (2.44-2.63 EUR) per 个')
    expect(inEuro.text).toContain('19.00 CNY each (price tier), 9500.00 in total (2.44 and 1217.95 EUR)')
    const inCny = await client.call('get_product_details', { offer_id: '10001', currency: 'CNY' })
    expect(inCny.structured).not.toHaveProperty('currency')
  })

  it('that has no rate is named, and the reply is in CNY', async () => {
    await connect({})
    for (const [tool, input] of Object.entries(CALLS).filter(([name]) => name !== 'estimate_landed_cost')) {
      const reply = await client.call(tool, { ...input, currency: 'usd' })
      expect(reply.isError, reply.text).toBe(false)
      expect(reply.text, tool).toContain('Not fetched (not_granted): exchange rate for USD.')
      expect(reply.structured, tool).not.toHaveProperty('currency')
    }
  })
})
