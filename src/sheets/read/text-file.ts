import { invalidInput } from '../../errors.ts'
import { quoted } from '../../offers/text.ts'
import { readBytes } from './bytes.ts'
import { detectEncoding } from './encoding/detect.ts'
import { unreadable } from './table.ts'

/** A row of a sheet is some kilobytes at most. */
export const MAX_LINE_CHARS = 1_000_000

/** What stands for bytes that are not valid in the encoding. */
export const BROKEN = '\uFFFD'

/** @throws AppError `invalid_input` if nobody knows the encoding called `name`. */
export async function chooseEncoding(file: string, name: string | undefined): Promise<string> {
  if (name === undefined) return await detectEncoding(file)
  try {
    return new TextDecoder(name).encoding
  } catch {
    throw invalidInput(
      `Unknown encoding ${quoted(name)}.`,
      'Name one of the WHATWG Encoding Standard, such as gb18030, big5, shift_jis or windows-1252, or leave it out.',
    )
  }
}

export async function* readText(file: string, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  for await (const chunk of readBytes(file)) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}

/** A line that ends in CRLF keeps its CR. @throws AppError `invalid_input` for a line beyond any sheet's. */
export async function* readLines(file: string, encoding: string): AsyncGenerator<string> {
  let line = ''
  for await (const text of readText(file, encoding)) {
    const [end = '', ...others] = text.split('\n')
    line += end
    for (const other of others) {
      yield line
      line = other
    }
    if (line.length > MAX_LINE_CHARS) throw unreadable('a file with a line of more than a million characters')
  }
  yield line
}
