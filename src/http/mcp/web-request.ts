/** The web Request that the SDK takes. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/**
 * The request without its body, which was already read. `toWebRequest` of @modelcontextprotocol/node would write the
 * parsed body out once more, and its `toNodeHandler` follows a signal in every request, sends answers without their
 * length and turns every failure into a 500.
 */
export function toWebRequest({ url = '/' }: IncomingMessage, headers: IncomingHttpHeaders): Request {
  return new Request(`http://localhost${url}`, { method: 'POST', headers: plainHeaders(headers) })
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
