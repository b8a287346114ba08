/** Offers, usage and the catalogue as resources, for hosts that let people attach them to a conversation. */
import {
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  ResourceTemplate,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { shapeCatalogue } from '../shape/catalogue.ts'
import type { Reply } from '../tools/reply.ts'
import type { Services } from '../use-cases/use-cases.ts'
import { completeOfferId } from './offer-id-completions.ts'

/** Private: each caller has its own limits and access. */
const CACHE_HINTS = {
  /** Prices move within days. */
  offer: { ttlMs: 600_000, cacheScope: 'private' },
  /** Every call changes it. */
  usage: { ttlMs: 0, cacheScope: 'private' },
  catalogue: { ttlMs: 30_000, cacheScope: 'private' },
  /** A file never changes. */
  export: { ttlMs: 3_600_000, cacheScope: 'private' },
} as const

/** A scheme must begin with a letter: clients refuse `1688:`. */
const SCHEME = 'mcp-1688'

const JSON_TYPE = 'application/json'

/** Runs a tool with raw arguments, as an agent's call would. A failed call is a reply, not a rejection. */
export type ToolCaller = (name: string, input: unknown, context: ServerContext) => Promise<Reply>

/** Whether this server offers a tool: what leads to another is left out. */
export type HasTool = (name: string) => boolean

export interface ResourcesDeps {
  services: Services
  callTool: ToolCaller
  has: HasTool
}

export function registerResources(server: McpServer, { services, callTool, has }: ResourcesDeps): void {
  if (has('get_product_details')) registerOffer(server, services, callTool)
  if (has('get_usage')) registerUsage(server, callTool)
  if (has('export_offers')) registerExports(server, services)
  registerCatalogue(server, services)
}

function registerOffer(server: McpServer, services: Services, callTool: ToolCaller): void {
  server.registerResource(
    'offer',
    new ResourceTemplate(`${SCHEME}://offers/{offer_id}`, {
      list: undefined,
      complete: { offer_id: completeOfferId(services) },
    }),
    {
      title: 'An offer on 1688',
      description:
        'One offer in full, as get_product_details returns it. It costs a credit unless it was read within the last day.',
      mimeType: JSON_TYPE,
      cacheHint: CACHE_HINTS.offer,
    },
    async (uri, { offer_id: offerId }, context) =>
      contentsOf(uri, await callTool('get_product_details', { offer_id: offerId }, context)),
  )
}

function registerUsage(server: McpServer, callTool: ToolCaller): void {
  server.registerResource(
    'usage',
    `${SCHEME}://usage`,
    {
      title: 'Limits and credits',
      description: 'The plan, calls left this minute, credits used and left, and credits saved.',
      mimeType: JSON_TYPE,
      cacheHint: CACHE_HINTS.usage,
    },
    async (uri, context) => contentsOf(uri, await callTool('get_usage', {}, context)),
  )
}

function registerExports(server: McpServer, services: Services): void {
  server.registerResource(
    'export',
    new ResourceTemplate(`${SCHEME}://exports/{name}`, { list: undefined }),
    {
      title: 'An exported file',
      description: 'A sheet or page that export_offers made on this computer.',
      cacheHint: CACHE_HINTS.export,
    },
    async (uri, { name }) => {
      const file = await services.readExport({ name: String(name) })
      if (file === null) throw new ResourceNotFoundError(uri.href, 'There is no such export.')
      const { mediaType: mimeType, bytes } = file
      const content = mimeType.startsWith('text/')
        ? { text: Buffer.from(bytes).toString('utf8') }
        : { blob: Buffer.from(bytes).toString('base64') }
      return { contents: [{ uri: uri.href, mimeType, ...content }] }
    },
  )
}

function registerCatalogue(server: McpServer, services: Services): void {
  server.registerResource(
    'catalogue',
    `${SCHEME}://catalogue`,
    {
      title: 'The local catalogue',
      description: 'The number of known offers from each source, and the first of them.',
      mimeType: JSON_TYPE,
      cacheHint: CACHE_HINTS.catalogue,
    },
    async uri => jsonContents(uri, shapeCatalogue(await services.describeCatalogue())),
  )
}

/** @throws ProtocolError with the text of a failed call, or `resource not found` for an unknown offer. */
function contentsOf(uri: URL, reply: Reply) {
  const code = reply.error?.code
  if (code === 'not_found' || code === 'invalid_input') throw new ResourceNotFoundError(uri.href, reply.text)
  if (reply.structured === null) throw new ProtocolError(ProtocolErrorCode.InternalError, reply.text)
  return jsonContents(uri, reply.structured)
}

function jsonContents(uri: URL, value: unknown) {
  return { contents: [{ uri: uri.href, mimeType: JSON_TYPE, text: JSON.stringify(value) }] }
}
