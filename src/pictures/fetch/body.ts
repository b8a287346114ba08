/** Looks at the first bytes of a body before it is read, and reads it within a limit. */
import type { Readable } from 'node:stream'
import { tooLarge } from '../failures.ts'

/** Enough for the signature of any file and the first tag of any page. */
const HEAD_BYTES = 1_024

export interface PeekedBody {
  head: Buffer
  /** The whole body. Leaving the loop ends the transfer. */
  chunks: AsyncIterable<Uint8Array>
}

export async function peek(body: Readable): Promise<PeekedBody> {
  const iterator: AsyncIterator<Buffer> = body[Symbol.asyncIterator]()
  const start: Buffer[] = []
  let bytes = 0
  while (bytes < HEAD_BYTES) {
    const next = await iterator.next()
    if (next.done) break
    start.push(next.value)
    bytes += next.value.length
  }
  const read = Buffer.concat(start)
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield read
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
    } finally {
      body.destroy()
    }
  }
  return { head: read.subarray(0, HEAD_BYTES), chunks: chunks() }
}

/** @throws AppError `picture_unreadable` as soon as there are more than `maxBytes`. */
export async function collect(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > maxBytes) throw tooLarge(maxBytes)
    parts.push(chunk)
  }
  return Buffer.concat(parts)
}

/** Characters that no page has and every picture has within its first kilobyte. */
const BINARY = /[\0-\x08\x0e-\x1a\x1c-\x1f]/

const PAGE_START =
  /^(?:<!--[\s\S]*?-->\s*|<\?xml[^>]*\?>\s*)*<(?:!doctype\s+html|html|head|body|script|meta|title|link|style|base|div|p|h1|table|a|span|iframe|noscript|main|header|section|article|center|form)[\s>/]/i

/** By the bytes, as in a browser: servers call pictures text/html, and pages image/jpeg. */
export function isWebPage(head: Buffer, contentType: string): boolean {
  const text = head
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
  if (BINARY.test(text) || text === '') return false
  if (PAGE_START.test(text)) return true
  return /^\s*(?:text\/html|application\/xhtml)/i.test(contentType) && !/<svg[\s>]/i.test(text)
}
