/** Node writes no legacy encodings, so each character is looked up in what its decoder reads. */
const tables = new Map<string, ReadonlyMap<string, number>>()

/** Encodings with characters of two bytes. */
const PAIRS = /^(?:gb|big5|shift_jis|euc-)/

/** The bytes of the text; `null` if the encoding lacks one of its characters. */
export function encode(text: string, encoding: string): Uint8Array | null {
  const table = tables.get(encoding) ?? tableOf(encoding)
  tables.set(encoding, table)
  const bytes: number[] = []
  for (const character of text) {
    const code = character < '\x80' ? character.charCodeAt(0) : table.get(character)
    if (code === undefined) return null
    if (code > 0xff) bytes.push(code >> 8)
    bytes.push(code & 0xff)
  }
  return Uint8Array.from(bytes)
}

/** Of all characters beyond ASCII that have one byte or two. */
function tableOf(encoding: string): Map<string, number> {
  const codes: number[] = []
  for (let lead = 0x80; lead <= 0xff; lead++) {
    codes.push(lead)
    for (let trail = 0x40; PAIRS.test(encoding) && trail <= 0xfe; trail++) codes.push((lead << 8) | trail)
  }
  // Each ends in a line feed, which no code contains.
  const bytes = new Uint8Array(codes.length * 3)
  let end = 0
  for (const code of codes) {
    if (code > 0xff) bytes[end++] = code >> 8
    bytes[end++] = code & 0xff
    bytes[end++] = 0x0a
  }
  const table = new Map<string, number>()
  // Otherwise Node reads windows-1252 as ISO 8859-1, without € and ’.
  const lines = new TextDecoder(encoding).decode(bytes.subarray(0, end), { stream: true }).split('\n')
  for (const [index, line] of lines.entries()) {
    const code = codes[index]
    const isOne = line.length === 1 || (line.length === 2 && /^[\ud800-\udbff]/.test(line))
    if (code !== undefined && isOne && !table.has(line)) table.set(line, code)
  }
  // As programs have them that take it for ISO 8859-1.
  for (let byte = 0x80; encoding === 'windows-1252' && byte < 0xa0; byte++) table.set(String.fromCharCode(byte), byte)
  return table
}
