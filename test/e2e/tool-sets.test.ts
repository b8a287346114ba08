/** What the sets of tools cost in every conversation. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { connectInProcess } from '../support/in-process.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'

let dir: TempDir
beforeEach(() => {
  dir = makeTempDir()
})
afterEach(() => dir.remove())

it.each([
  ['core', 9_000, ['search_by_image', 'get_product_details', 'get_usage']],
  ['sourcing', 20_000, ['source_many', 'export_offers', 'estimate_landed_cost', 'get_supplier']],
  ['all', 30_000, ['draft_inquiry', 'watch_offers', 'check_watched']],
])('the set %s lists at most %i bytes', async (set, most, some) => {
  const client = await connectInProcess(dir.path, { MCP1688_TOOLS: set })
  const tools = await client.listTools().finally(client.close)
  expect(Buffer.byteLength(JSON.stringify(tools))).toBeLessThanOrEqual(most)
  expect(tools.map(tool => tool.name)).toEqual(expect.arrayContaining(some))
})
