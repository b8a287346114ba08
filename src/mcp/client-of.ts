/** What the client of a request can do, as far as the request itself shows. */
import { CLIENT_CAPABILITIES_META_KEY, type McpServer, type ServerContext } from '@modelcontextprotocol/server'
import type { ClientAbilities } from '../tools/define.ts'

/** MCP Apps. */
const PAGES_EXTENSION = 'io.modelcontextprotocol/ui'

/**
 * On the 2026 wire every request says it, and on stdio `initialize` has said it. On the 2025 wire over HTTP each request
 * stands alone and says nothing: no question could be sent to that client either.
 */
export function clientOf(server: McpServer, { mcpReq, http }: ServerContext): ClientAbilities {
  const ofConnection = http === undefined ? server.server.getClientCapabilities() : undefined
  const declared = member(mcpReq.envelope, CLIENT_CAPABILITIES_META_KEY) ?? ofConnection
  return {
    showsPages: member(member(declared, 'extensions'), PAGES_EXTENSION) !== undefined,
    opensAddresses: member(member(declared, 'elicitation'), 'url') !== undefined,
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
