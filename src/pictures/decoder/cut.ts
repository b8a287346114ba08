/** Recognises a JPEG or PNG whose end is missing: browsers show what there is of it. */

export function isCut(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (file.subarray(0, 4).toString('latin1') === '\x89PNG') return !file.includes('IEND')
  const scan = file.subarray(0, 3).toString('latin1') === '\xff\xd8\xff' ? startOfScan(file) : -1
  // Within the scan, 0xFF is followed by 0x00, so these two bytes can only be the end of the image.
  return scan !== -1 && file.indexOf('\xff\xd9', scan, 'latin1') === -1
}

const START_OF_SCAN = 0xda

/** After the headers, one of which may contain a whole thumbnail with its own end marker. */
function startOfScan(file: Buffer): number {
  let at = 2
  while (at + 4 <= file.length && file[at] === 0xff) {
    if (file[at + 1] === START_OF_SCAN) return at
    at += 2 + file.readUInt16BE(at + 2)
  }
  return -1
}
