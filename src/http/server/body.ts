/** Reads the body of a request, up to a limit. */
import type { IncomingMessage } from 'node:http'
import { HttpRefusal } from '../access/refusal.ts'

/** Most bytes of a message to the MCP endpoint: 4 MiB hold a picture of 3 MB as a data: URL. */
export const MCP_BODY_MAX_BYTES = 4 * 1024 * 1024

/** Most bytes of a body that no route reads. */
const OTHER_BODY_MAX_BYTES = 64 * 1024

/** @throws HttpRefusal 413 for a body that is announced longer than `maxBytes`, before a byte of it is read. */
export function refuseLongBody(request: IncomingMessage, maxBytes: number): void {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLong(maxBytes)
}

/** For routes that read no body. @throws HttpRefusal 413 for one that is long, or does not say how long it is. */
export function refuseBody(request: IncomingMessage): void {
  if (request.headers['transfer-encoding'] !== undefined) throw bodyRefused('The body does not say how long it is.')
  refuseLongBody(request, OTHER_BODY_MAX_BYTES)
}

/** The whole body. @throws HttpRefusal 413 as soon as more than `maxBytes` of it have come. Rejects where the caller went away. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  // Events, for an async iterator costs three times as much as reading a small body.
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      chunks.push(chunk)
      if (bytes <= maxBytes) return
      request.pause()
      reject(tooLong(maxBytes))
    })
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    request.once('error', reject)
    request.once('close', () => reject(new Error('the caller went away')))
  })
}

function tooLong(maxBytes: number): HttpRefusal {
  return bodyRefused(`The body is longer than ${maxBytes / 1024} KiB.`)
}

function bodyRefused(message: string): HttpRefusal {
  return new HttpRefusal({
    status: 413,
    code: 'body_too_long',
    message,
    hint: 'Send none on this path; to /mcp, pass a picture as a URL rather than as a data: URL.',
    // The rest of the body is not worth reading, and without it the connection is of no more use.
    headers: { connection: 'close' },
  })
}
