/**
 * Speaks MCP Apps with the host: JSON-RPC over postMessage. Written by hand, because the official client is ten times
 * the size of the rest of the page.
 */
import { asObject, asText, type Json } from './json.ts'
import { readSearchText } from './search-text.ts'

const NOTIFICATION = 'ui/notifications/'

/** Of MCP Apps. */
const PROTOCOL_VERSION = '2026-01-26'

export interface ToolResult {
  isError: boolean
  /** The host did not make the call. */
  isRefused?: true
  /** `undefined` for an error. */
  structured: unknown
  /** The first text of the reply. */
  text: string
  /** What failed, in Chinese, if the server says it. */
  problemZh: string | null
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
  /** Never rejects. */
  callTool(name: string, input: Json): Promise<ToolResult>
  /** Resolves to whether the host opened the link. */
  openLink(url: string): Promise<boolean>
  /** Adds to the model's context without starting a turn, if the host supports it. */
  tell(text: string): void
  requestFullscreen(): void
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
    callTool: (name, input) =>
      request('tools/call', { name, arguments: input }).then(toResult, ({ message }: Error) => ({
        isError: true,
        isRefused: true,
        structured: undefined,
        text: message,
        problemZh: null,
      })),
    openLink: url =>
      request('ui/open-link', { url }).then(
        ({ isError }) => isError !== true,
        () => false,
      ),
    tell: text => {
      if (!capabilities.updateModelContext) return
      request('ui/update-model-context', { content: [{ type: 'text', text }] }).catch(() => undefined)
    },
    requestFullscreen: () => {
      request('ui/request-display-mode', { mode: 'fullscreen' }).catch(() => undefined)
    },
    resize: (width, height) => send({ method: `${NOTIFICATION}size-changed`, params: { width, height } }),
  }
}

function hear(method: string, params: Json, events: HostEvents): void {
  const name = method.replace(NOTIFICATION, '')
  if (name === 'tool-result') events.onResult(toResult(params))
  else if (name === 'tool-input') events.onInput(asObject(params.arguments))
  else if (name === 'tool-cancelled') events.onCancelled()
  else if (name === 'host-context-changed') events.onContext(params)
}

function toResult(result: Json): ToolResult {
  const content: readonly unknown[] = Array.isArray(result.content) ? result.content : []
  const { text } = asObject(content[0])
  const isError = result.isError === true
  const found = result.structuredContent ?? jsonIn(text) ?? readSearchText(String(text))
  // The server sends its own sentences in Chinese beside what the model reads.
  const { zh } = asObject(result._meta)
  return {
    isError,
    structured: isError || !found ? undefined : { ...asObject(found), zh },
    text: asText(text) ?? '',
    problemZh: asText(asObject(zh).problem),
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
