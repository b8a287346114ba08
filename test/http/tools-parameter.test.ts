/** `?tools=` of the MCP address, over both wires. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { selectTools } from '../../src/tools/selection.ts'
import { connectOverHttp, WIRES } from '../support/clients.ts'
import { startService, type TestService } from './service.ts'

let tested: TestService
beforeAll(async () => {
  tested = await startService({ tools: selectTools(['core'], true) })
})
afterAll(() => tested.close())

describe.each(WIRES)('the parameter "tools" (%s)', wire => {
  const namesAt = async (query: string) => {
    const client = await connectOverHttp(wire, `${tested.url}/mcp${query}`)
    const tools = await client.listTools()
    await client.close()
    return tools.map(({ name }) => name)
  }

  it('narrows what is offered and never widens it', async () => {
    expect(await namesAt('?tools=get_product_details,compare_products')).toEqual(['get_product_details'])
    expect(await namesAt('?tools=all')).toEqual(await namesAt(''))
  })

  it('makes other tools unknown, with the resources and prompts that lead to them', async () => {
    const client = await connectOverHttp(wire, `${tested.url}/mcp?tools=get_usage`)
    expect(await client.call('get_usage')).toMatchObject({ isError: false })
    await expect(client.call('get_product_details', { offer_id: '7000000001' })).rejects.toThrow(
      /not found|There is no tool/,
    )
    const { resources, templates } = await client.listResources()
    expect([...resources, ...templates].map(({ name }) => name)).toEqual(['usage', 'catalogue'])
    expect(await client.listPrompts()).toEqual([])
    await client.close()
  })
})

it('explains a choice that leaves nothing', async () => {
  const response = await fetch(`${tested.url}/mcp?tools=serch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
  })
  expect(response.status).toBe(400)
  expect(await response.text()).toMatch(/The parameter \\"tools\\" .* Choose from core, sourcing, all/)
})
