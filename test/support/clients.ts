/** The real MCP clients of the end-to-end cases: the v1 SDK and both wires of v2. */
import { Client as CurrentClient, StreamableHTTPClientTransport as CurrentHttp } from '@modelcontextprotocol/client'
import { StdioClientTransport as CurrentStdio } from '@modelcontextprotocol/client/stdio'
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as OldStdio } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as OldHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

export interface ListedTool {
  name: string
  [key: string]: unknown
}

export interface ToolReply {
  isError: boolean
  text: string
  structured: Record<string, unknown> | undefined
  pictures: { mimeType: unknown; bytes: Buffer }[]
  /** Addresses of the linked resources. */
  links: unknown[]
}

/** A client of either SDK. */
export interface TestClient {
  listTools(): Promise<ListedTool[]>
  call(name: string, input?: Record<string, unknown>, options?: CallOptions): Promise<ToolReply>
  instructions(): string | undefined
  listResources(): Promise<{ resources: Listed[]; templates: Listed[] }>
  /** The text of a resource, with its cache hints. */
  readResource(uri: string): Promise<{ text: string; mimeType: unknown; ttlMs: unknown; cacheScope: unknown }>
  listPrompts(): Promise<Listed[]>
  /** The text of a prompt's only message. */
  getPrompt(name: string, args: Record<string, string>): Promise<string>
  complete(of: CompletionSource, argument: string, value: string): Promise<string[]>
  close(): Promise<void>
}

export interface Listed {
  name: string
  [key: string]: unknown
}

export type CompletionSource = { type: 'ref/prompt'; name: string } | { type: 'ref/resource'; uri: string }

export interface CallOptions {
  signal?: AbortSignal
  onProgress?: (progress: { progress: number; message?: string | undefined }) => void
}

export interface ServerCommand {
  command: string
  args: string[]
  env: Record<string, string>
}

export const WIRES = ['v1 client, 2025 wire', 'v2 client, 2025 wire', 'v2 client, 2026 wire'] as const

export async function connectOverStdio(
  wire: (typeof WIRES)[number],
  server: ServerCommand,
  name?: string,
): Promise<TestClient> {
  const parameters = { ...server, stderr: 'pipe' as const }
  return connect(
    wire,
    () => new OldStdio(parameters),
    () => new CurrentStdio(parameters),
    name,
  )
}

/** @param url of the MCP endpoint. */
export async function connectOverHttp(
  wire: (typeof WIRES)[number],
  url: string,
  headers: Record<string, string> = {},
  name?: string,
): Promise<TestClient> {
  const options = { requestInit: { headers } }
  return connect(
    wire,
    () => new OldHttp(new URL(url), options),
    () => new CurrentHttp(new URL(url), options),
    name,
  )
}

/** Over the transport that belongs to the client of this wire. */
export async function connect(
  wire: (typeof WIRES)[number],
  oldTransport: () => Parameters<OldClient['connect']>[0],
  currentTransport: () => Parameters<CurrentClient['connect']>[0],
  name = 'mcp-1688-tests',
): Promise<TestClient> {
  const info = { name, version: '1.0.0' }
  if (wire === 'v1 client, 2025 wire') {
    const client = new OldClient(info)
    await client.connect(oldTransport())
    return wrap(client)
  }
  const mode = wire === 'v2 client, 2026 wire' ? { pin: '2026-07-28' } : 'legacy'
  const client = new CurrentClient(info, { versionNegotiation: { mode } })
  await client.connect(currentTransport())
  return wrap(client)
}

/** Both SDKs have the same names but different types. */
function wrap(client: OldClient | CurrentClient): TestClient {
  return {
    listTools: async () => (await client.listTools()).tools,
    instructions: () => client.getInstructions(),
    close: () => client.close(),
    listResources: async () => ({
      resources: (await client.listResources()).resources,
      templates: (await client.listResourceTemplates()).resourceTemplates,
    }),
    readResource: async uri => {
      const result: Record<string, unknown> & { contents: Record<string, unknown>[] } = await client.readResource({
        uri,
      })
      const [content] = result.contents
      const { ttlMs, cacheScope } = result
      return { text: String(content?.text), mimeType: content?.mimeType, ttlMs, cacheScope }
    },
    listPrompts: async () => (await client.listPrompts()).prompts,
    getPrompt: async (name, args) => {
      const { messages } = await client.getPrompt({ name, arguments: args })
      return messages.map(({ content }) => (content.type === 'text' ? content.text : content.type)).join('\n')
    },
    complete: async (ref, argument, value) =>
      (await client.complete({ ref, argument: { name: argument, value } })).completion.values,
    call: async (name, input, { signal, onProgress } = {}) => {
      const params = { name, ...(input === undefined ? {} : { arguments: input }) }
      const options = { ...(signal ? { signal } : {}), ...(onProgress ? { onprogress: onProgress } : {}) }
      const result =
        client instanceof OldClient
          ? await client.callTool(params, undefined, options)
          : await client.callTool(params, options)
      return toReply(result)
    },
  }
}

function toReply(result: { [key: string]: unknown }): ToolReply {
  const content = Array.isArray(result.content) ? result.content : []
  const texts = content.filter(block => block.type === 'text').map(block => String(block.text))
  return {
    isError: result.isError === true,
    text: texts.join('\n'),
    structured: isRecord(result.structuredContent) ? result.structuredContent : undefined,
    pictures: content
      .filter(block => block.type === 'image')
      .map(block => ({ mimeType: block.mimeType, bytes: Buffer.from(String(block.data), 'base64') })),
    links: content.filter(block => block.type === 'resource_link').map(block => block.uri),
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
