import { createReadStream } from 'node:fs'

/** The bytes of the file, or its first ones up to `limit`. */
export async function* readBytes(file: string, limit = Number.POSITIVE_INFINITY): AsyncGenerator<Uint8Array> {
  // Node does not type the chunks of a stream.
  const chunks: AsyncIterable<unknown> = createReadStream(file, { end: limit - 1 })
  for await (const chunk of chunks) if (chunk instanceof Uint8Array) yield chunk
}
