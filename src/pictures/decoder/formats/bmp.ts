/** Decodes BMP, which scanners and supplier sheets still have, and sharp's binaries cannot. Uncompressed only. */
import type { Pixels } from './pixels.ts'

const MAX_PIXELS = 25_000_000

/** 3 is BI_BITFIELDS: the colour masks follow the header. */
const UNCOMPRESSED = 0
const BIT_FIELDS = 3

/** https://learn.microsoft.com/en-us/windows/win32/gdi/bitmap-storage */
interface Layout {
  width: number
  height: number
  isTopDown: boolean
  bits: number
  /** Of red, green and blue, for 16 and 32 bits. */
  masks: readonly [number, number, number]
  palette: Buffer
  paletteEntryBytes: 3 | 4
  pixels: Buffer
}

/** @throws RangeError for too many pixels, Error for anything else that is wrong. */
export function decodeBmp(bytes: Uint8Array): Pixels {
  const layout = readLayout(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  const { width, height, isTopDown, bits, pixels } = layout
  if (width < 1 || height < 1) throw new Error('no pixels')
  if (width * height > MAX_PIXELS) throw new RangeError('pixel limit')
  const rowBytes = Math.ceil((width * bits) / 32) * 4
  const colourAt = colourReader(layout)
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    const row = pixels.subarray((isTopDown ? y : height - 1 - y) * rowBytes)
    // A cut file ends within its rows; what is missing stays black.
    if (row.length < rowBytes) continue
    for (let x = 0; x < width; x++) {
      const colour = colourAt(row, x)
      const at = (y * width + x) * 3
      data[at] = (colour >> 16) & 255
      data[at + 1] = (colour >> 8) & 255
      data[at + 2] = colour & 255
    }
  }
  return { data, width, height, channels: 3 }
}

function readLayout(file: Buffer): Layout {
  const pixelsAt = file.readUInt32LE(10)
  const headerBytes = file.readUInt32LE(14)
  if (headerBytes === 12) {
    const [width, height, bits] = [file.readUInt16LE(18), file.readUInt16LE(20), file.readUInt16LE(24)]
    return layoutOf({ width, height, bits, palette: file.subarray(26, pixelsAt), paletteEntryBytes: 3 }, file, pixelsAt)
  }
  const [width, height, bits] = [file.readInt32LE(18), file.readInt32LE(22), file.readUInt16LE(28)]
  const compression = file.readUInt32LE(30)
  if (compression !== UNCOMPRESSED && compression !== BIT_FIELDS) throw new Error('compressed')
  const masks = compression === BIT_FIELDS ? ([54, 58, 62] as const).map(at => file.readUInt32LE(at)) : undefined
  const palette = file.subarray(14 + headerBytes, pixelsAt)
  return layoutOf({ width, height, bits, palette, paletteEntryBytes: 4, masks }, file, pixelsAt)
}

interface Header extends Pick<Layout, 'width' | 'height' | 'bits' | 'palette' | 'paletteEntryBytes'> {
  masks?: number[] | undefined
}

function layoutOf({ height, masks = [], ...header }: Header, file: Buffer, pixelsAt: number): Layout {
  const ofBits = header.bits === 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff]
  const [red = 0, green = 0, blue = 0] = masks.length === 3 ? masks : ofBits
  return {
    ...header,
    height: Math.abs(height),
    isTopDown: height < 0,
    masks: [red, green, blue],
    pixels: file.subarray(pixelsAt),
  }
}

/** @returns a function that reads one pixel of a row as 0xRRGGBB. */
function colourReader({ bits, masks, palette, paletteEntryBytes }: Layout): (row: Buffer, x: number) => number {
  const byIndex = (index: number) => {
    const at = index * paletteEntryBytes
    return at + 3 <= palette.length ? palette.readUIntLE(at, 3) : 0
  }
  const byMasks = (value: number) => {
    const [red, green, blue] = masks.map(mask => scaled(value, mask))
    return ((red ?? 0) << 16) | ((green ?? 0) << 8) | (blue ?? 0)
  }
  switch (bits) {
    case 1:
      return (row, x) => byIndex(((row[x >> 3] ?? 0) >> (7 - (x & 7))) & 1)
    case 4:
      return (row, x) => byIndex(((row[x >> 1] ?? 0) >> (x & 1 ? 0 : 4)) & 15)
    case 8:
      return (row, x) => byIndex(row[x] ?? 0)
    case 16:
      return (row, x) => byMasks(row.readUInt16LE(x * 2))
    case 24:
      return (row, x) => row.readUIntLE(x * 3, 3)
    case 32:
      return (row, x) => byMasks(row.readUInt32LE(x * 4))
    default:
      throw new Error(`${bits} bits per pixel`)
  }
}

/** The bits of `mask` in `value`, stretched to 0-255. */
function scaled(value: number, mask: number): number {
  if (mask === 0) return 0
  const low = mask & -mask
  const max = (mask >>> 0) / (low >>> 0)
  return Math.round((((value & mask) >>> 0) / (low >>> 0) / max) * 255)
}
