/** Twelve kinds of pictures that are small as files and large as work. `size` scales them: 1 is the full size. */
import { deflateSync } from 'node:zlib'
import { drawnPicture } from './drawn-pictures.ts'
import { pngChunk, pngHeader } from './hostile-pictures.ts'

export interface DeadlyKind {
  readonly name: string
  readonly make: (size: number) => Promise<Buffer>
}

const SIGNATURE_AND_HEADER = 8 + 25

async function pngWith(chunks: Buffer[]): Promise<Buffer> {
  const png = await drawnPicture().png().toBuffer()
  return Buffer.concat([png.subarray(0, SIGNATURE_AND_HEADER), ...chunks, png.subarray(SIGNATURE_AND_HEADER)])
}

const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: Math.ceil(count) }, (_, at) => make(at))

/** 40 megapixels at size 1. */
const stretched = (size: number) => {
  const side = Math.max(64, Math.floor(6_300 * Math.sqrt(size)))
  return drawnPicture().resize(side, side, { fit: 'fill', kernel: 'nearest' })
}

/** Repeats one scan of a progressive JPEG: decoders only warn of it. */
async function jpegOfScans(count: number): Promise<Buffer> {
  const jpeg = await drawnPicture().resize(2_000, 1_500, { kernel: 'nearest' }).jpeg({ progressive: true }).toBuffer()
  const starts: number[] = []
  for (let at = jpeg.indexOf('ffda', 0, 'hex'); at >= 0; at = jpeg.indexOf('ffda', at + 2, 'hex')) starts.push(at)
  const [, start = 0] = starts
  const next = jpeg.indexOf('ffc4', start, 'hex')
  const scan = jpeg.subarray(start, next)
  return Buffer.concat([jpeg.subarray(0, next), ...times(count, () => scan), jpeg.subarray(next)])
}

async function jpegOfSegments(count: number): Promise<Buffer> {
  const jpeg = await drawnPicture().jpeg().toBuffer()
  const segment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, 8]), Buffer.from('filler')])
  return Buffer.concat([jpeg.subarray(0, 2), ...times(count, () => segment), jpeg.subarray(2)])
}

async function gifOfFrames(count: number): Promise<Buffer> {
  const header = Buffer.concat([
    Buffer.from('GIF89a'),
    Buffer.from([200, 0, 200, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]),
  ])
  const frame = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0])
  return Buffer.concat([header, ...times(count, () => frame), Buffer.from([0x3b])])
}

async function webpOfFrames(count: number): Promise<Buffer> {
  const still = await drawnPicture().resize(16, 16).webp().toBuffer()
  const picture = still.subarray(12)
  const frame = chunk(
    'ANMF',
    Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 15, 0, 0, 15, 0, 0, 10, 0, 0, 0]), picture]),
  )
  const body = Buffer.concat([
    Buffer.from('WEBP'),
    chunk('VP8X', Buffer.from([2, 0, 0, 0, 15, 0, 0, 15, 0, 0])),
    chunk('ANIM', Buffer.from([0, 0, 0, 0, 0, 0])),
    ...times(count, () => frame),
  ])
  return chunk('RIFF', body)
}

/** Of a RIFF file. */
function chunk(type: string, data: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(data.length)
  return Buffer.concat([Buffer.from(type), size, data, Buffer.alloc(data.length % 2)])
}

/** Boxes are added to its list of properties. */
async function avifOfBoxes(count: number): Promise<Buffer> {
  const avif = await drawnPicture().avif().toBuffer()
  const free = Buffer.from([0, 0, 0, 8, 0x66, 0x72, 0x65, 0x65])
  const start = avif.readUInt32BE(0)
  return Buffer.concat([avif.subarray(0, start), ...times(count, () => free), avif.subarray(start)])
}

const text = (at: number) => pngChunk('tEXt', Buffer.from(`key${at}\0value`))
const bomb = (bytes: number) => deflateSync(Buffer.alloc(Math.ceil(bytes)), { level: 9 })

const SMALL_BOMB = bomb(1_000_000)

export const DEADLY_KINDS: readonly DeadlyKind[] = [
  { name: 'PNG, text chunks', make: size => pngWith(times(120_000 * size, text)) },
  {
    name: 'PNG, compressed texts',
    make: size =>
      pngWith(times(900 * size, at => pngChunk('zTXt', Buffer.concat([Buffer.from(`k${at}\0\0`), SMALL_BOMB])))),
  },
  {
    name: 'PNG, compressed profile',
    make: size => pngWith([pngChunk('iCCP', Buffer.concat([Buffer.from('p\0\0'), bomb(500_000_000 * size)]))]),
  },
  { name: 'PNG, interlaced', make: size => stretched(size).png({ progressive: true, compressionLevel: 1 }).toBuffer() },
  { name: 'PNG, claimed pixels', make: async size => pngHeader(Math.floor(30_000 * size) + 1, 30_000) },
  { name: 'JPEG, scans', make: size => jpegOfScans(3_000 * size) },
  {
    name: 'JPEG, progressive at full colour',
    make: size => stretched(size).jpeg({ progressive: true, chromaSubsampling: '4:4:4', quality: 20 }).toBuffer(),
  },
  { name: 'JPEG, segments', make: size => jpegOfSegments(900_000 * size) },
  { name: 'GIF, frames', make: size => gifOfFrames(600_000 * size) },
  { name: 'WebP, frames', make: size => webpOfFrames(40_000 * size) },
  { name: 'WebP, lossless', make: size => stretched(size).webp({ lossless: true, effort: 0 }).toBuffer() },
  { name: 'AVIF, boxes', make: size => avifOfBoxes(1_000_000 * size) },
]
