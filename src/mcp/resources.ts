/** The resources: offers, usage and the catalogue, for hosts that let people attach them to a conversation. */
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

/** How long a host may keep a resource, in milliseconds; what a key may see is nobody else's. */
const CACHE_HINTS = {
  /** Prices move within days. */
  offer: { ttlMs: 600_000, cacheScope: 'private' },
  /** Every call changes it. */
  usage: { ttlMs: 0, cacheScope: 'private' },
  catalogue: { ttlMs: 30_000, cacheScope: 'private' },
} as const

/** A scheme begins with a letter: `1688:` alone is no URI, and clients refuse it. */
const SCHEME = 'mcp-1688'

const JSON_TYPE = 'application/json'

/** Ids that one completion offers: the protocol's own limit. */
const COMPLETIONS = 100

/** Runs the tool of that name with raw arguments. Never rejects for what the tool does. */
export type ToolCaller = (name: string, input: unknown, context: ServerContext) => Promise<Reply>

/** Offers the resources. @param callTool runs a tool as an agent's call would. */
export function registerResources(server: McpServer, services: Services, callTool: ToolCaller): void {
  server.registerResource(
    'offer',
    new ResourceTemplate(`${SCHEME}://offers/{offer_id}`, {
      list: undefined,
      complete: { offer_id: prefix => services.completeOfferIds({ prefix, limit: COMPLETIONS }) },
    }),
    {
      title: 'An offer of 1688',
      description:
        'One offer in full, as get_product_details reads it; one that was not read within a day costs a credit.',
      mimeType: JSON_TYPE,
      cacheHint: CACHE_HINTS.offer,
    },
    async (uri, { offer_id: offerId }, context) =>
      contentsOf(uri, await callTool('get_product_details', { offer_id: offerId }, context)),
  )
  server.registerResource(
    'usage',
    `${SCHEME}://usage`,
    {
      title: 'Limits and credits',
      description: 'Plan, free calls, credits used and left, credits saved.',
      mimeType: JSON_TYPE,
      cacheHint: CACHE_HINTS.usage,
    },
    async (uri, context) => contentsOf(uri, await callTool('get_usage', {}, context)),
  )
  server.registerResource(
    'catalogue',
    `${SCHEME}://catalogue`,
    {
      title: 'The local catalogue',
      description: 'How many offers of which source are known, and the first of them.',
      mimeType: JSON_TYPE,
      cacheHint: CACHE_HINTS.catalogue,
    },
    async uri => jsonContents(uri, shapeCatalogue(await services.describeCatalogue())),
  )
}

/** @throws ProtocolError with the words of a failed call; what is not there is the protocol's own `resource not found`. */
function contentsOf(uri: URL, reply: Reply) {
  const code = reply.error?.code
  if (code === 'not_found' || code === 'invalid_input') throw new ResourceNotFoundError(uri.href, reply.text)
  if (reply.structured === null) throw new ProtocolError(ProtocolErrorCode.InternalError, reply.text)
  return jsonContents(uri, reply.structured)
}

function jsonContents(uri: URL, value: unknown) {
  return { contents: [{ uri: uri.href, mimeType: JSON_TYPE, text: JSON.stringify(value) }] }
}
