/** Public answers that never change, built once: anybody may request them, so they must cost next to nothing. */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

export type Prebuilt = (request: IncomingMessage, response: ServerResponse) => void

/** Callers share the bytes, so an answer that is not read takes no memory. */
export function prebuilt(type: string, text: string, headers: Readonly<Record<string, string>> = {}): Prebuilt {
  const bytes = Buffer.from(text)
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
  const shared = { ...headers, etag, 'cache-control': 'public, no-cache' }
  const whole = { ...shared, 'content-type': `${type}; charset=utf-8`, 'content-length': bytes.length }
  return (request, response) => {
    if (response.destroyed || response.headersSent) return
    if (names(request.headers['if-none-match'], etag)) response.writeHead(304, shared).end()
    else response.writeHead(200, whole).end(request.method === 'HEAD' ? undefined : bytes)
  }
}

function names(ifNoneMatch: string | undefined, etag: string): boolean {
  return (ifNoneMatch ?? '').split(',').some(tag => ['*', etag, `W/${etag}`].includes(tag.trim()))
}
