/** `pick_photo` in clients that open addresses for their people: URL-mode elicitation, as real clients answer it. */
import { readFile } from 'node:fs/promises'
import { Client as CurrentClient, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as OldStdio } from '@modelcontextprotocol/sdk/client/stdio.js'
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { DEMO_PHOTO } from '../support/pictures.ts'
import { makeTempDir, serverCommand, type TempDir } from '../support/program.ts'
import { type ServeProcess, startServe } from '../support/serve-process.ts'

type Action = 'accept' | 'decline' | 'cancel'

/** What the person does with the address. */
type Person = (address: string) => Action | Promise<Action>

interface Asking {
  pick(input?: Record<string, unknown>): Promise<{ structured: unknown; text: string; isError: boolean }>
  close(): Promise<void>
}

const INFO = { name: 'mcp-1688-tests', version: '1.0.0' }
const CAPABILITIES = { elicitation: { url: {} } }
const replySchema = z.object({
  structuredContent: z.unknown().optional(),
  content: z.array(z.object({ text: z.string() })),
  isError: z.boolean().optional(),
})

function asking(client: OldClient | CurrentClient): Asking {
  return {
    pick: async (input = {}) => {
      const reply = replySchema.parse(await client.callTool({ name: 'pick_photo', arguments: input }))
      const { structuredContent, content, isError = false } = reply
      return { structured: structuredContent, text: content.map(({ text }) => text).join('\n'), isError }
    },
    close: () => client.close(),
  }
}

async function oldClient(dir: string, person: Person): Promise<Asking> {
  const client = new OldClient(INFO, { capabilities: CAPABILITIES })
  client.setRequestHandler(ElicitRequestSchema, async ({ params }) => ({
    action: await person(params.mode === 'url' ? params.url : 'not an address'),
  }))
  await client.connect(new OldStdio({ ...serverCommand(dir), stderr: 'pipe' }))
  return asking(client)
}

async function currentClient(
  mode: 'legacy' | { pin: string },
  transport: Parameters<CurrentClient['connect']>[0],
  person: Person,
): Promise<Asking> {
  const client = new CurrentClient(INFO, { capabilities: CAPABILITIES, versionNegotiation: { mode } })
  client.setRequestHandler('elicitation/create', async ({ params }) => ({
    action: await person(params.mode === 'url' ? params.url : 'not an address'),
  }))
  await client.connect(transport)
  return asking(client)
}

const stdio = (dir: string) => new StdioClientTransport({ ...serverCommand(dir), stderr: 'pipe' })
const MODERN = { pin: '2026-07-28' }

const dirs: TempDir[] = []
let server: ServeProcess
/** One each: few pages may be open. */
const newDir = () => {
  const dir = makeTempDir()
  dirs.push(dir)
  return dir.path
}
beforeAll(async () => {
  server = await startServe(newDir())
})
afterAll(async () => {
  await server?.close()
  for (const dir of dirs) dir.remove()
})

const http = () => new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`))
const CLIENTS: [string, (person: Person) => Promise<Asking>][] = [
  ['v1 client, 2025 wire, stdio', person => oldClient(newDir(), person)],
  ['v2 client, 2025 wire, stdio', person => currentClient('legacy', stdio(newDir()), person)],
  ['v2 client, 2026 wire, stdio', person => currentClient(MODERN, stdio(newDir()), person)],
  ['v2 client, 2026 wire, HTTP', person => currentClient(MODERN, http(), person)],
]

async function send(address: string): Promise<void> {
  const { origin } = new URL(address)
  const { status } = await fetch(address, { method: 'POST', body: await readFile(DEMO_PHOTO), headers: { origin } })
  expect(status).toBe(204)
}

describe.each(CLIENTS)('%s', (_name, connect) => {
  it('opens the page for the person, and answers with the search for what they send', async () => {
    let sent: Promise<void> | undefined
    const client = await connect(address => {
      expect(address).toMatch(/\/photo\/[\w-]{22}\?lang=zh$/)
      // Not awaited: clients say that the page is open, not that it was used.
      sent = send(address)
      return 'accept'
    })
    const reply = await client.pick({ language: 'zh' })
    await sent
    expect(reply.isError, reply.text).toBe(false)
    expect(reply.text).toContain('for picked photo')
    expect(reply.text).toMatch(/image_url: photo:[\w-]{22} /)
    expect(reply.structured).toMatchObject({ products: expect.any(Array), image_url: expect.stringMatching(/^photo:/) })
    await client.close()
  })

  it.each(['decline', 'cancel'] as const)('gives the address in the text after %s', async action => {
    let asked = ''
    const client = await connect(address => {
      asked = address
      return action
    })
    const reply = await client.pick()
    expect(reply.text).toContain(`: ${asked}\n`)
    expect(reply.structured).toMatchObject({ address: asked, image_url: expect.stringMatching(/^photo:/) })
    await client.close()
  })
})

it('asks nothing on the 2025 wire over HTTP: the address is in the text', async () => {
  let isAsked = false
  const client = await currentClient('legacy', http(), () => {
    isAsked = true
    return 'accept'
  })
  const reply = await client.pick()
  expect(reply.structured).toMatchObject({ address: expect.stringMatching(/\/photo\/[\w-]{22}$/) })
  expect(isAsked).toBe(false)
  await client.close()
})
