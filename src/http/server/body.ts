import type { IncomingMessage } from 'node:http'
import { HttpError } from '../access/http-error.ts'

/** A data: URL of a picture of 3 MB takes 4 MiB. */
export const MCP_BODY_MAX_BYTES = 4 * 1024 * 1024

/** For a body that no route reads. */
const OTHER_BODY_MAX_BYTES = 64 * 1024

/** @throws HttpError 413 if the announced length exceeds `maxBytes`, before a byte is read. */
export function refuseLongBody(request: IncomingMessage, maxBytes: number): void {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLong(maxBytes)
}

/** For routes that read no body. @throws HttpError 413 for a long body or one of unknown length. */
export function refuseBody(request: IncomingMessage): void {
  if (request.headers['transfer-encoding'] !== undefined) throw bodyRefused('The request body has no Content-Length.')
  refuseLongBody(request, OTHER_BODY_MAX_BYTES)
}

/** Rejects if the caller disconnects. @throws HttpError 413 as soon as more than `maxBytes` have arrived. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  // Events, because an async iterator takes three times as long for a small body.
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
    request.once('close', () => reject(new Error('the caller disconnected')))
  })
}

function tooLong(maxBytes: number): HttpError {
  return bodyRefused(`The request body is larger than ${maxBytes / 1024} KiB.`)
}

function bodyRefused(message: string): HttpError {
  return new HttpError({
    status: 413,
    code: 'body_too_long',
    message,
    hint: 'Only /mcp reads a body; pass a large picture to it as a link, not as a data: URL.',
    // The rest of the body is not read, so the connection cannot be used again.
    headers: { connection: 'close' },
  })
}
