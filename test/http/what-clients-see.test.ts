/** What differs between clients in lists and pages, by what the request itself says. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { startService, type TestService } from './service.ts'

const PUBLIC_URL = 'https://mcp.example.com/1688'
const GRID = 'ui://mcp-1688/grid.html'

let open: TestService
let unpublished: TestService
beforeAll(async () => {
  ;[open, unpublished] = await Promise.all([startService({ config: { publicUrl: PUBLIC_URL } }), startService()])
})
afterAll(() => Promise.all([open.close(), unpublished.close()]))

interface Said {
  path?: string
  /** On the wire of 2025: the User-Agent. */
  userAgent?: string
  /** On that of 2026: the client's name, and what it can do. */
  name?: string
  capabilities?: Record<string, unknown>
}

async function ask(
  service: TestService,
  method: string,
  params: object,
  { path = '/mcp', userAgent = 'node', name, capabilities = {} }: Said,
) {
  const modern = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name, version: '1' },
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  }
  const uri = 'uri' in params ? { 'mcp-name': String(params.uri) } : {}
  const headers =
    name === undefined
      ? { 'mcp-protocol-version': '2025-06-18' }
      : { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, ...uri }
  const body = { jsonrpc: '2.0', id: 1, method, params: name === undefined ? params : { ...params, _meta: modern } }
  const answer = await fetch(`${service.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'user-agent': userAgent,
      ...headers,
    },
    body: JSON.stringify(body),
  })
  return z.looseObject({ result: z.looseObject({}) }).parse(await answer.json()).result
}

const pageSchema = z.looseObject({
  contents: z.array(z.object({ _meta: z.object({ ui: z.looseObject({ domain: z.string().optional() }) }) })),
  cacheScope: z.string().optional(),
})
const readGrid = async (service: TestService, said: Said) =>
  pageSchema.parse(await ask(service, 'resources/read', { uri: GRID }, said))
const domainFor = async (service: TestService, said: Said) =>
  (await readGrid(service, said)).contents[0]?._meta.ui.domain
const domainOf = (address: string) =>
  `${createHash('sha256').update(address).digest('hex').slice(0, 32)}.claudemcpcontent.com`

it.each([
  ['Claude-User', '/mcp', `${PUBLIC_URL}/mcp`],
  ['Claude-User/1.0', '/mcp/?tools=core', `${PUBLIC_URL}/mcp/?tools=core`],
  ['Claude-User', '/mcp/', `${PUBLIC_URL}/mcp`],
])('the page names %s at %s the domain of its connector', async (userAgent, path, address) => {
  expect(await domainFor(open, { userAgent, path })).toBe(domainOf(address))
})

it('the page names the domain to Claude alone, and where the public address is known', async () => {
  expect(await domainFor(open, { name: 'claude-ai' })).toBe(domainOf(`${PUBLIC_URL}/mcp`))
  for (const said of [{ userAgent: 'openai-mcp/1.0.0' }, { userAgent: 'claude-code/2.1' }, { name: 'inspector' }])
    expect(await domainFor(open, said)).toBeUndefined()
  expect(await domainFor(unpublished, { userAgent: 'Claude-User' })).toBeUndefined()
  expect((await readGrid(open, { name: 'inspector' })).cacheScope).toBe('private')
  expect((await readGrid(unpublished, { name: 'inspector' })).cacheScope).toBe('public')
})

it('tools that only pages call are listed unless the client says that it shows none', async () => {
  const listFor = async (said: Said) => JSON.stringify(await ask(open, 'tools/list', {}, said))
  const shown = { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } } }
  expect(await listFor({ name: 'a host', capabilities: shown })).toContain('"get_offer_cards"')
  expect(await listFor({ userAgent: 'anything' })).toContain('"get_offer_cards"')
  expect(await listFor({ name: 'a host' })).not.toMatch(/"get_offer_cards"|"search_photo"/)
})

it('the server has an icon of less than 1 kB', async () => {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } }
  const { serverInfo } = await ask(open, 'initialize', params, {})
  const [icon] = z.object({ icons: z.array(z.object({ src: z.string() })) }).parse(serverInfo).icons
  expect(icon?.src).toMatch(/^data:image\/svg\+xml;base64,/)
  expect(icon?.src.length).toBeLessThan(1_000)
  const svg = Buffer.from(icon?.src.split(',')[1] ?? '', 'base64').toString()
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg".*<\/svg>$/)
})
