/** The web Request that the SDK takes. */
import type { IncomingHttpHeaders } from 'node:http'

/**
 * What the SDK reads of a Request whose body was already parsed; a real one takes a twentieth of a cached call's processor
 * time, most of it for a signal of its own. `toWebRequest` of @modelcontextprotocol/node would serialise the body again,
 * and its `toNodeHandler` sends answers without their length and turns every failure into a 500.
 */
export function toWebRequest(url: string, headers: IncomingHttpHeaders, signal: AbortSignal): Request {
  const request: unknown = Object.create(Request.prototype, {
    method: { value: 'POST' },
    url: { value: `http://localhost${url}` },
    headers: { value: new Headers(plainHeaders(headers)) },
    signal: { value: signal },
  })
  if (!(request instanceof Request)) throw new Error('not a Request')
  return request
}

/** Beside those whose names begin with `mcp-`. */
const HEADERS = ['accept', 'content-type', 'user-agent']

/** Only what the SDK or a tool reads: each header takes time, and a key is nobody's business there. */
function plainHeaders(headers: IncomingHttpHeaders): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    if (value === undefined || value === '' || !(name.startsWith('mcp-') || HEADERS.includes(name))) return []
    const text = Array.isArray(value) ? value.join(', ') : value
    if (name === 'content-type') return [[name, 'application/json']]
    return [[name, name === 'mcp-protocol-version' ? onceOf(text) : text]]
  })
}

/** Client and proxy may both set it. */
function onceOf(text: string): string {
  const [first = '', ...others] = text.split(',').map(part => part.trim())
  return others.every(other => other === first) ? first : text
}
