/** Reads request bodies within limits of bytes and time. */
import type { IncomingMessage } from 'node:http'
import { HttpError } from '../access/http-error.ts'

/** Any call without a picture in it is far smaller. */
export const MCP_BODY_BYTES = 256 * 1024

/** For a tool that takes a picture: a data: URL of 12 MB. */
export const PICTURE_BODY_BYTES = 16 * 1024 * 1024

/** For a body that no route reads. */
const OTHER_BODY_BYTES = 64 * 1024

/** For the first {@link MCP_BODY_BYTES}; the server's own limit is for a picture on a slow line. */
const SMALL_BODY_MS = 8_000

/** The rest of a refused body that is still received: a client that is sending would not read the answer otherwise. */
const DISCARDED_BYTES = 2 * 1024 * 1024

/** Whether the connection cannot be used again after this request, because the rest of its body is not received. */
export function leavesBody({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > DISCARDED_BYTES
}

/** @throws HttpError 413 if the announced length exceeds `maxBytes`, before a byte is read. */
export function refuseLongBody(request: IncomingMessage, maxBytes: number): void {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLong(maxBytes)
}

/** A small body can hold a large one. @throws HttpError 415 */
export function refuseEncodedBody({ headers }: IncomingMessage): void {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? ''
  if (encoding === '' || encoding === 'identity') return
  throw new HttpError({
    status: 415,
    code: 'body_encoded',
    message: 'The request body is compressed (Content-Encoding).',
    hint: 'Send it uncompressed.',
    headers: { 'accept-encoding': 'identity' },
  })
}

/** For routes that read no body. @throws HttpError 413 for a long body or one of unknown length. */
export function refuseBody(request: IncomingMessage): void {
  if (request.headers['transfer-encoding'] !== undefined)
    throw bodyRefused(413, 'The request body has no Content-Length.')
  refuseLongBody(request, OTHER_BODY_BYTES)
}

/** Decides by the first {@link MCP_BODY_BYTES} how long the whole body may be. Nothing more is read meanwhile. */
export type AllowMore = (start: Buffer) => Promise<number>

/**
 * Rejects if the caller disconnects.
 * @throws HttpError 413 as soon as more has arrived than is allowed, 408 if the beginning takes too long, and what
 * `allowMore` throws.
 */
export async function readBody(request: IncomingMessage, allowMore: AllowMore): Promise<Buffer> {
  // Most have arrived by now, in one piece: timer and listeners would take longer than reading them.
  if (request.complete && request.readableLength <= MCP_BODY_BYTES) {
    const whole: unknown = request.read()
    return Buffer.isBuffer(whole) ? whole : Buffer.alloc(0)
  }
  const chunks: Buffer[] = []
  let bytes = 0
  let maxBytes: number | null = null
  // Events, because an async iterator takes three times as long for a small body.
  return new Promise((resolve, reject) => {
    const slow = setTimeout(() => reject(bodyRefused(408, 'The request body took too long to arrive.')), SMALL_BODY_MS)
    const end = (settle: () => void): void => {
      clearTimeout(slow)
      settle()
    }
    const judge = (): void => {
      if (maxBytes !== null && bytes > maxBytes) refuse(tooLong(maxBytes))
    }
    const refuse = (error: unknown): void => {
      request.pause()
      end(() => reject(error))
    }
    const goOn = (allowedBytes: number): void => {
      clearTimeout(slow)
      maxBytes = allowedBytes
      judge()
      if (bytes <= allowedBytes) request.resume()
    }
    let isAsked = false
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      chunks.push(chunk)
      if (bytes <= MCP_BODY_BYTES) return
      if (isAsked) return judge()
      isAsked = true
      request.pause()
      allowMore(Buffer.concat(chunks)).then(goOn, refuse)
    })
    request.once('end', () => end(() => resolve(Buffer.concat(chunks))))
    request.once('error', error => end(() => reject(error)))
    request.once('close', () => end(() => reject(new Error('the caller disconnected'))))
  })
}

export function tooLong(maxBytes: number): HttpError {
  return bodyRefused(413, `The request body is larger than ${maxBytes / 1024} KiB.`)
}

function bodyRefused(status: 408 | 413, message: string): HttpError {
  return new HttpError({
    status,
    code: status === 408 ? 'too_slow' : 'body_too_long',
    message,
    hint: 'Only a picture may be large, as the data: URL of a tool that takes one, up to 12 MB; pass a larger one as a link.',
  })
}
