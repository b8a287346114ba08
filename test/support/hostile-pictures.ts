/** Pictures meant to break decoders: bombs, and files damaged in the same way in every run. */
import { crc32, deflateSync } from 'node:zlib'
import { drawnPicture, FORMATS } from './drawn-pictures.ts'
import { seededRandom } from './seeded-random.ts'

/** A PNG that claims `width` x `height` pixels but contains next to nothing. */
export function pngHeader(width: number, height: number): Buffer {
  const size = Buffer.alloc(13)
  size.writeUInt32BE(width, 0)
  size.writeUInt32BE(height, 4)
  size.set([8, 2], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', size),
    pngChunk('IDAT', deflateSync(Buffer.alloc(64))),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

export function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}

/** Damaged pictures of all formats in turn: changed headers and bodies; truncated, doubled and zeroed parts. */
export async function fuzzedPictures(count: number, seed: number): Promise<Buffer[]> {
  const random = seededRandom(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const wholes = await Promise.all(
    [...FORMATS.map(format => drawnPicture().toFormat(format)), drawnPicture().jpeg({ progressive: true })].map(
      picture => picture.toBuffer(),
    ),
  )
  const scatter = (bytes: Buffer, within: number) => {
    for (let left = 1 + below(12); left > 0; left--) bytes[below(Math.min(within, bytes.length))] = below(256)
    return bytes
  }
  const damages: readonly ((bytes: Buffer) => Buffer)[] = [
    bytes => scatter(bytes, 64),
    bytes => scatter(bytes, 400),
    bytes => scatter(bytes, bytes.length),
    bytes => bytes.subarray(0, below(bytes.length)),
    bytes => bytes.fill(below(2) * 255, below(bytes.length)),
    bytes => Buffer.concat([bytes.subarray(0, below(bytes.length)), bytes.subarray(below(bytes.length))]),
    // Most formats store their dimensions here: they become huge, with the rest intact.
    bytes => bytes.fill(0x7f, 12 + below(16), 30 + below(200)),
  ]
  return Array.from({ length: count }, (_, i) => {
    const whole = Buffer.from(wholes[i % wholes.length] ?? [])
    return damages[below(damages.length)]?.(whole) ?? whole
  })
}
