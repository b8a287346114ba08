import { encode } from '../../src/sheets/read/encoding/encode.ts'

/** Leaves out what the encoding lacks. */
export function encodeText(text: string, encoding: string): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text)
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le')
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16()
  return Buffer.concat([...text].map(character => encode(character, encoding) ?? Buffer.of()))
}
