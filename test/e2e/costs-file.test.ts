import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { WIRES } from '../support/clients.ts'
import { connectInProcess } from '../support/in-process.ts'
import { makeTempDir } from '../support/program.ts'

const dir = makeTempDir()
afterAll(() => dir.remove())

it.each(WIRES)('an estimate uses the rates of costs.json, says so, and arguments come first (%s)', async wire => {
  mkdirSync(path.join(dir.path, '.config', 'mcp-1688'), { recursive: true })
  const rates = { freight_per_kg: 50, duty_rate: 4, vat_rate: 19, fees: 10 }
  writeFileSync(path.join(dir.path, '.config', 'mcp-1688', 'costs.json'), JSON.stringify(rates))
  const client = await connectInProcess(dir.path, {}, wire)
  const order = { offer_ids: ['10001'], quantity: 100, domestic_freight: 0, unit_weight_kg: 0.5, vat_rate: 0 }
  const reply = await client.call('estimate_landed_cost', order)
  expect(reply.text).toContain('international freight: 2500.00 (settings: 50 kg chargeable x 50 CNY)')
  expect(reply.text).toContain('(argument: 0 % of goods')
  expect(reply.text).toContain('fees: 10.00 (settings: ')
  expect(reply.text).toMatch(/^total: [\d.]+ CNY/m)
  await client.close()
})

it('an estimate converts by the rates of MCP1688_FX', async () => {
  const client = await connectInProcess(dir.path, { MCP1688_FX: 'USD=7.10,EUR=7.80' })
  const order = { offer_ids: ['10001'], quantity: 100, currency: 'usd', freight_per_kg: 5, unit_weight_kg: 1 }
  const reply = await client.call('estimate_landed_cost', order)
  expect(reply.text).toContain('1 USD = 7.1 CNY (MCP1688_FX)')
  expect(reply.text).toContain('international freight: 3550.00 (argument: 100 kg chargeable x 35.5 CNY)')
  expect((await client.call('estimate_landed_cost', { ...order, currency: 'GBP' })).text).toContain(
    'MCP1688_FX has no exchange rate for "GBP".',
  )
  await client.close()
})

it('a comparison shows totals in another currency beside CNY, and stays in CNY without a rate', async () => {
  const env = { MCP1688_FX: 'USD=7.10', MCP1688_CURRENCY: 'USD' }
  const client = await connectInProcess(dir.path, env)
  const order = { offer_ids: ['10001', '10002'], quantity: 60 }
  const reply = await client.call('compare_products', order)
  // 1716.00 CNY is the total of 10002.
  expect(reply.text).toContain('| 1716.00 (241.69 USD) |')
  expect(reply.text).toContain('1 USD = 7.1 CNY (MCP1688_FX)')
  const other = await client.call('compare_products', { ...order, currency: 'EUR' })
  expect(other.isError).toBe(false)
  expect(other.text).toContain('| 1716.00 |')
  expect(other.text).toContain('exchange rate for EUR')
  expect((await client.call('compare_products', { ...order, currency: 'CNY' })).text).not.toContain('USD')
  await client.close()
})
