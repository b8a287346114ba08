/** Answers of the pages and files that open without a key. */
import type { ServerResponse } from 'node:http'

const NO_CONTENT = 204

/**
 * The answer is not kept, framed, indexed or guessed at, and no script in it runs, unless `headers` say otherwise: what
 * a seller or another caller wrote may be in it. Does nothing if the caller has gone.
 * @param type a text is UTF-8.
 */
export function answerPage(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.destroyed || response.headersSent) return
  response.writeHead(status, {
    'content-type': type.startsWith('text/') ? `${type}; charset=utf-8` : type,
    ...(status === NO_CONTENT ? {} : { 'content-length': Buffer.byteLength(body) }),
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex',
    // What was refused is not read on.
    ...(response.req.complete ? {} : { connection: 'close' }),
    ...headers,
  })
  response.end(response.req.method === 'HEAD' || status === NO_CONTENT ? undefined : body)
}
