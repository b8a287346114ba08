/** Reads text files in the encodings that Chinese and Western spreadsheet programs write. */
import { createReadStream } from 'node:fs'

/** UTF-8, UTF-16 with a byte order mark (Excel's "Unicode text"), or else GB18030 (Excel on Chinese Windows). */
export async function* readText(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(await detectEncoding(file))
  for await (const chunk of readBytes(file)) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}

/** A line that ends in CRLF keeps its CR. */
export async function* readLines(file: string): AsyncGenerator<string> {
  let line = ''
  for await (const text of readText(file)) {
    const [end = '', ...others] = text.split('\n')
    line += end
    for (const other of others) {
      yield line
      line = other
    }
  }
  yield line
}

/** Reads the whole file: the first byte that is not UTF-8 can be anywhere. */
async function detectEncoding(file: string): Promise<string> {
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let isFirst = true
  try {
    for await (const chunk of readBytes(file)) {
      if (isFirst && chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le'
      isFirst = false
      utf8.decode(chunk, { stream: true })
    }
    utf8.decode()
    return 'utf-8'
  } catch (error) {
    if (error instanceof TypeError) return 'gb18030'
    throw error
  }
}

async function* readBytes(file: string): AsyncGenerator<Uint8Array> {
  // Node does not type the chunks of a stream.
  const chunks: AsyncIterable<unknown> = createReadStream(file)
  for await (const chunk of chunks) if (chunk instanceof Uint8Array) yield chunk
}
