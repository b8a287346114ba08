const tables = new Map<string, ReadonlyMap<string, number[]>>()

/** Node writes no legacy encodings, so each character is looked up in what its decoder reads. */
export function encodeText(text: string, encoding: string): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text)
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le')
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16()
  const codes = tables.get(encoding) ?? tableOf(encoding)
  tables.set(encoding, codes)
  return Buffer.from([...text].flatMap(char => (char < '\x80' ? [char.charCodeAt(0)] : (codes.get(char) ?? []))))
}

function tableOf(encoding: string): Map<string, number[]> {
  const decoder = new TextDecoder(encoding)
  const codes = new Map<string, number[]>()
  for (let lead = 0x80; lead <= 0xff; lead++) {
    codes.set(decoder.decode(Uint8Array.of(lead)), [lead])
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const char = decoder.decode(Uint8Array.of(lead, trail))
      if ([...char].length === 1 && !codes.has(char)) codes.set(char, [lead, trail])
    }
  }
  return codes
}
