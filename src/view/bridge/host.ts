/**
 * Speaks MCP Apps with the host: JSON-RPC over postMessage. Written by hand, because the official client is ten times
 * the size of the rest of the page.
 */
import { asObject, type Json } from './json.ts'
import { readSearchText } from './search-text.ts'

const NOTIFICATION = 'ui/notifications/'

/** Of MCP Apps. */
const PROTOCOL_VERSION = '2026-01-26'

export interface ToolResult {
  isError: boolean
  structured: unknown
  /** The first text of the reply. */
  text: string
}

export interface HostEvents {
  onContext(context: Json): void
  onInput(input: Json): void
  onResult(result: ToolResult): void
  onCancelled(): void
}

export interface Host {
  /** Rejects if there is no host. */
  connect(events: HostEvents): Promise<void>
  callTool(name: string, input: Json): Promise<ToolResult>
  /** Resolves to whether the host opened the link. */
  openLink(url: string): Promise<boolean>
  /** Adds to the model's context without starting a turn, if the host supports it. */
  updateModelContext(text: string): void
  requestFullscreen(): Promise<void>
  /** In pixels. */
  resize(width: number, height: number): void
}

/** @param target the window that the host listens to. */
export function createHost(target: Window): Host {
  const waiting = new Map<number, { resolve: (result: Json) => void; reject: (error: Error) => void }>()
  let capabilities: Json = {}
  let lastId = 0

  const send = (message: Json) => target.postMessage({ jsonrpc: '2.0', ...message }, '*')
  const request = (method: string, params: Json) =>
    new Promise<Json>((resolve, reject) => {
      lastId += 1
      waiting.set(lastId, { resolve, reject })
      send({ id: lastId, method, params })
    })

  const receive = (message: Json, events: HostEvents) => {
    const { id, method } = message
    if (typeof method !== 'string') {
      const pending = typeof id === 'number' ? waiting.get(id) : undefined
      if (typeof id === 'number') waiting.delete(id)
      if (message.error === undefined) pending?.resolve(asObject(message.result))
      else pending?.reject(new Error(String(asObject(message.error).message)))
    } else if (id !== undefined) {
      // ping and ui/resource-teardown expect an empty answer; there is nothing to save.
      send({ id, result: {} })
    } else hear(method, asObject(message.params), events)
  }

  return {
    async connect(events) {
      window.addEventListener('message', ({ source, data }) => {
        const message = asObject(data)
        if (source === target && message.jsonrpc === '2.0') receive(message, events)
      })
      const result = await request('ui/initialize', {
        appInfo: { name: 'mcp-1688-grid', version: '1' },
        appCapabilities: { availableDisplayModes: ['inline', 'fullscreen'] },
        protocolVersion: PROTOCOL_VERSION,
      })
      capabilities = asObject(result.hostCapabilities)
      events.onContext(asObject(result.hostContext))
      send({ method: `${NOTIFICATION}initialized`, params: {} })
    },
    callTool: async (name, input) => toResult(await request('tools/call', { name, arguments: input })),
    openLink: async url => {
      const result = await request('ui/open-link', { url }).catch(() => ({ isError: true }))
      return asObject(result).isError !== true
    },
    updateModelContext: text => {
      if (!capabilities.updateModelContext) return
      request('ui/update-model-context', { content: [{ type: 'text', text }] }).catch(() => undefined)
    },
    requestFullscreen: async () => {
      await request('ui/request-display-mode', { mode: 'fullscreen' })
    },
    resize: (width, height) => send({ method: `${NOTIFICATION}size-changed`, params: { width, height } }),
  }
}

function hear(method: string, params: Json, events: HostEvents): void {
  if (method === `${NOTIFICATION}tool-result`) events.onResult(toResult(params))
  else if (method === `${NOTIFICATION}tool-input`) events.onInput(asObject(params.arguments))
  else if (method === `${NOTIFICATION}tool-cancelled`) events.onCancelled()
  else if (method === `${NOTIFICATION}host-context-changed`) events.onContext(params)
}

function toResult(result: Json): ToolResult {
  const content: readonly unknown[] = Array.isArray(result.content) ? result.content : []
  const { text } = asObject(content[0])
  return {
    isError: result.isError === true,
    structured: result.structuredContent ?? jsonIn(text) ?? readSearchText(String(text)) ?? undefined,
    text: typeof text === 'string' ? text : '',
  }
}

/** Some hosts withhold the structured content. Tools that only pages call answer in JSON for them. */
function jsonIn(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    return undefined
  }
}
