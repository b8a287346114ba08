/**
 * Starts the built server as a host does, calls it with a real MCP client, and prints the replies as an agent sees them.
 * Needs neither a key nor a network. `npm run demo -- --image PATH` searches with another picture, and `--program PATH`
 * starts another installation.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { z } from 'zod'

const root = path.resolve(import.meta.dirname, '..')
const { values } = parseArgs({ options: { image: { type: 'string' }, program: { type: 'string' } } })
const program = path.resolve(values.program ?? path.join(root, 'dist/mcp-1688.js'))
const image = path.resolve(values.image ?? path.join(program, '../../assets/sample/demo-photo.webp'))
const dataDir = await mkdtemp(path.join(tmpdir(), 'mcp-1688-demo-'))

const client = new Client({ name: 'mcp-1688-demo', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } })
const transport = new StdioClientTransport({
  command: process.execPath,
  args: [program],
  env: {
    MCP1688_DATA_DIR: dataDir,
    MCP1688_UPSTREAM: 'sample',
    MCP1688_LOG_LEVEL: 'warn',
    PATH: process.env.PATH ?? '',
  },
})

/** Prints what an agent reads. @returns the reply's JSON. */
async function ask(name: string, input: Record<string, unknown>): Promise<unknown> {
  console.log(`\n> ${name} ${JSON.stringify(input)}`)
  const startedAt = performance.now()
  const result = await client.callTool({ name, arguments: input })
  for (const block of result.content) if (block.type === 'text') console.log(block.text)
  console.log(`(${Math.round(performance.now() - startedAt)} ms)`)
  if (result.isError) throw new Error(`${name} failed`)
  return result.structuredContent
}

try {
  await client.connect(transport)
  const { tools } = await client.listTools()
  console.log(`connected; tools: ${tools.map(tool => tool.name).join(', ')}`)
  const found = await ask('search_by_image', { image_url: image, page_size: 5 })
  const { products } = z.object({ products: z.array(z.object({ offer_id: z.string() })).min(1) }).parse(found)
  const details = await ask('get_product_details', { offer_id: products[0]?.offer_id })
  console.log('\nThe same reply as JSON (structuredContent):')
  console.log(JSON.stringify(details, null, 2))
} finally {
  await client.close()
  await rm(dataDir, { recursive: true, force: true })
}
