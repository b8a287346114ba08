/** What the client of a request can do, as far as the request itself shows. */
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server'
import type { ClientAbilities } from '../tools/define.ts'

/** MCP Apps. */
const PAGES_EXTENSION = 'io.modelcontextprotocol/ui'

/** How ChatGPT calls itself: in `clientInfo`, and at the beginning of its User-Agent. */
const CHATGPT = /^openai-mcp(?:$|[\s/(])/i

/** How Claude's apps call themselves, in both places: `Claude-User`, `claude-ai`, `Anthropic/ClaudeAI`. */
const CLAUDE = /^(?:claude-(?:user|ai)|anthropic)(?:$|[\s/(])/i

export interface Client extends ClientAbilities {
  /** It fills properties that `openai/fileParams` names with the person's attachments. */
  isChatGpt: boolean
  /** It shows each page on its own domain, which the page has to name. */
  isClaude: boolean
  /** It sends files as data: URLs (draft SEP-2356). */
  sendsFiles: boolean
}

/**
 * On the 2026 wire every request says it, and on stdio `initialize` has said it. On the 2025 wire over HTTP each request
 * stands alone and only its User-Agent tells anything: no question could be sent to that client either.
 */
export function clientOf(server: McpServer, { mcpReq, http }: ServerContext): Client {
  const { envelope } = mcpReq
  const ofConnection = http === undefined ? server.server.getClientCapabilities() : undefined
  const declared = member(envelope, CLIENT_CAPABILITIES_META_KEY) ?? ofConnection
  const info =
    member(envelope, CLIENT_INFO_META_KEY) ?? (http === undefined ? server.server.getClientVersion() : undefined)
  const name = envelope === undefined && http ? http.req?.headers.get('user-agent') : member(info, 'name')
  const showsPages = member(member(declared, 'extensions'), PAGES_EXTENSION) !== undefined
  return {
    showsPages,
    lacksPages: declared !== undefined && !showsPages,
    opensAddresses: member(member(declared, 'elicitation'), 'url') !== undefined,
    isChatGpt: typeof name === 'string' && CHATGPT.test(name),
    isClaude: typeof name === 'string' && CLAUDE.test(name),
    sendsFiles: member(declared, 'fileInputs') !== undefined,
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
