/** The attachment of a chat, as ChatGPT hands it over, and the draft standard for files. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { connectOverHttp, connectOverStdio, type TestClient, WIRES } from '../support/clients.ts'
import { DEMO_PHOTO } from '../support/pictures.ts'
import { makeTempDir, serverCommand, type TempDir } from '../support/program.ts'
import { SELF_SIGNED } from '../support/self-signed.ts'
import { type ServeProcess, startServe } from '../support/serve-process.ts'

const SECRET = 'sv=2025&sig=SIGNATURE-CANARY'

const listed = z.object({
  description: z.string(),
  inputSchema: z.object({
    properties: z.record(z.string(), z.record(z.string(), z.unknown())),
    required: z.array(z.string()).optional(),
  }),
  _meta: z.record(z.string(), z.unknown()),
})

const searchTool = async (client: Pick<TestClient, 'listTools'>) =>
  listed.parse((await client.listTools()).find(({ name }) => name === 'search_by_image'))

describe('an attachment', () => {
  let dir: TempDir
  let certificate: string
  let storage: Server
  let seen: string[]
  let address: (pathname: string) => string
  let serve: ServeProcess
  let env: Record<string, string>

  beforeAll(async () => {
    dir = makeTempDir()
    certificate = path.join(dir.path, 'ca.pem')
    writeFileSync(certificate, SELF_SIGNED.cert)
    seen = []
    storage = createServer(SELF_SIGNED, (request, response) => {
      seen.push(request.url ?? '')
      if (request.url?.startsWith('/gone')) response.writeHead(403).end('SECRET-BODY')
      else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(readFileSync(DEMO_PHOTO))
    })
    await new Promise<void>(resolve => storage.listen(0, '127.0.0.1', resolve))
    const { port } = z.object({ port: z.number() }).parse(storage.address() satisfies AddressInfo | string | null)
    address = pathname => `https://127.0.0.1:${port}${pathname}?${SECRET}`
    env = {
      NODE_EXTRA_CA_CERTS: certificate,
      MCP1688_IMAGE_ALLOW: `127.0.0.1:${port}`,
      MCP1688_LOG_LEVEL: 'debug',
    }
    serve = await startServe(dir.path, env)
  })
  afterAll(async () => {
    await serve.close()
    storage.close()
    dir.remove()
  })

  describe('is declared', () => {
    const CHATGPT = 'openai-mcp'
    const clients: [what: string, open: (name: string) => Promise<TestClient>][] = [
      ...WIRES.map((wire): (typeof clients)[number] => [
        `stdio, ${wire}`,
        name => connectOverStdio(wire, serverCommand(dir.path, env), name),
      ]),
      ['HTTP, 2026 wire', name => connectOverHttp('v2 client, 2026 wire', `${serve.url}/mcp`, {}, name)],
      ['HTTP, 2025 wire', name => connectOverHttp(WIRES[0], `${serve.url}/mcp`, { 'user-agent': `${name}/1.0.0` })],
    ]

    it.each(clients)('to ChatGPT alone: %s', async (_what, open) => {
      const chatGpt = await open(CHATGPT)
      const tool = await searchTool(chatGpt)
      expect(tool._meta['openai/fileParams']).toEqual(['photo'])
      expect(tool._meta['ui/resourceUri']).toBeDefined()
      const { description, ...photo } = tool.inputSchema.properties.photo ?? {}
      expect(photo).toEqual({
        type: 'object',
        properties: {
          download_url: { type: 'string' },
          file_id: { type: 'string' },
          mime_type: { type: 'string' },
          file_name: { type: 'string' },
        },
        required: ['download_url', 'file_id'],
      })
      expect(description).toContain('always pass it here')
      expect(tool.inputSchema.required ?? []).not.toContain('image_url')
      expect(tool.description).toContain('always pass it as photo')
      expect(tool.description).not.toContain('does not reach')
      await chatGpt.close()

      const another = await open('not-openai-mcp')
      const plain = await searchTool(another)
      expect(plain._meta).not.toHaveProperty('openai/fileParams')
      expect(plain.inputSchema.properties).not.toHaveProperty('photo')
      expect(plain.inputSchema.required).toEqual(['image_url'])
      expect(plain.description).toContain('does not reach this server')
      await another.close()
    })

    it('to everybody or nobody, as the operator says; the list is kept by its client alone', async () => {
      for (const [setting, name, isDeclared] of [
        ['on', 'some-host', true],
        ['off', CHATGPT, false],
      ] as const) {
        const command = serverCommand(dir.path, { ...env, MCP1688_FILE_PARAMS: setting })
        const client = await connectOverStdio('v2 client, 2026 wire', command, name)
        expect('photo' in (await searchTool(client)).inputSchema.properties).toBe(isDeclared)
        await client.close()
      }
      const answer = await fetch(`${serve.url}/mcp`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': '2026-07-28',
          'mcp-method': 'tools/list',
        },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/list',
          params: {
            _meta: {
              'io.modelcontextprotocol/protocolVersion': '2026-07-28',
              'io.modelcontextprotocol/clientInfo': { name: 'files', version: '1' },
              'io.modelcontextprotocol/clientCapabilities': { fileInputs: {} },
            },
          },
        }),
      })
      const { result } = z
        .object({
          result: z.object({ cacheScope: z.string(), tools: z.array(z.looseObject({ name: z.string() })) }),
        })
        .parse(await answer.json())
      expect(result.cacheScope).toBe('private')
      const { inputSchema } = await searchTool({ listTools: async () => result.tools })
      expect(inputSchema.properties.image_url).toMatchObject({
        type: 'string',
        format: 'uri',
        'x-mcp-file': { accept: ['image/*'], maxSize: 10_000_000 },
      })
      expect(result.tools.filter(tool => JSON.stringify(tool).includes('x-mcp-file'))).toHaveLength(1)
    })
  })

  describe('is fetched within the call', () => {
    let client: TestClient
    beforeAll(async () => {
      client = await connectOverHttp('v1 client, 2025 wire', `${serve.url}/mcp`)
      await client.call('sync_catalogue', { max_credits: 0 })
    })
    afterAll(() => client.close())
    const search = (input: Record<string, unknown>) => client.call('search_by_image', { page_size: 3, ...input })
    const photoAt = (pathname: string) => ({
      download_url: address(pathname),
      file_id: 'sediment://file_000001',
      mime_type: 'image/webp',
      file_name: 'IMG_1.webp',
    })

    it('from whomever it comes, and its address is shown, stored and logged nowhere', async () => {
      const reply = await search({ photo: photoAt('/a'), _meta: undefined })
      expect(reply.isError, reply.text).toBe(false)
      expect(seen).toEqual([`/a?${SECRET}`])
      expect(reply.text).toMatch(/for photo from the chat \(\d+ kB\)/)
      const again = [
        await search({ photo: JSON.stringify(photoAt('/b')), image_url: null }),
        await search({ photo: address('/c') }),
        await search({ photo: photoAt('/d'), image_url: 'the attached photo' }),
      ]
      for (const { isError, text } of again) expect(isError, text).toBe(false)
      expect(again[2]?.text).toContain('Photo 2 was not used')
      const replies = JSON.stringify([reply, ...again])
      const files = readdirSync(dir.path, { recursive: true, withFileTypes: true }).filter(file => file.isFile())
      const kept = files.map(({ parentPath, name }) => readFileSync(path.join(parentPath, name), 'latin1')).join('')
      for (const text of [replies, serve.stderr(), kept]) {
        expect(text).not.toContain('SIGNATURE-CANARY')
        expect(text).not.toContain('file_000001')
      }
    })

    it('or refused with what helps', async () => {
      const errors = [
        await search({ photo: photoAt('/gone') }),
        await search({ photo: { download_url: 'http://169.254.169.254/latest?SIGNATURE-CANARY', file_id: 'x' } }),
        await search({ photo: { download_url: 'https://169.254.169.254/latest?SIGNATURE-CANARY', file_id: 'x' } }),
        await search({ photo: 'chat_upload://image_0' }),
        await search({}),
      ]
      expect(errors.map(({ isError }) => isError)).toEqual(errors.map(() => true))
      expect(errors.map(({ text }) => /code: (\w+)/.exec(text)?.[1])).toEqual([
        'picture_unreachable',
        'invalid_input',
        'picture_refused',
        'invalid_input',
        'invalid_input',
      ])
      expect(errors[3]?.text).toContain('the name of the attached photo instead of an address')
      expect(errors[4]?.text).toContain('image_url is missing')
      expect(JSON.stringify(errors) + serve.stderr()).not.toMatch(/CANARY|SECRET-BODY/)
    })
  })
})
