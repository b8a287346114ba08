import { readFileSync } from 'node:fs'
import path from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { ROOT } from './program.ts'

/** A view that is not in the sample catalogue. */
export const DEMO_PHOTO = path.join(ROOT, 'assets/sample/demo-photo.webp')

export function dataUrl(file: string, mediaType = 'image/webp'): string {
  return `data:${mediaType};base64,${readFileSync(file).toString('base64')}`
}

/** A JPEG of a gradient, cut in the middle. */
export async function truncatedJpeg(): Promise<Buffer> {
  const pixels = Buffer.from(Array.from({ length: 320 * 320 * 3 }, (_, index) => (index * 7 + (index >> 9)) % 256))
  const jpeg = await sharp(pixels, { raw: { width: 320, height: 320, channels: 3 } })
    .jpeg()
    .toBuffer()
  return jpeg.subarray(0, Math.floor(jpeg.length / 2))
}

/** A PNG of a few bytes that claims 30,000 x 30,000 pixels. */
export function bombPng(): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(30_000, 0)
  header.writeUInt32BE(30_000, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
