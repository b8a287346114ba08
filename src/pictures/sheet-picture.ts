/** Picture files as a spreadsheet can hold them, byte by byte. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { pictureKind } from './decoder/kind.ts'

/** The side of the square that pictures are drawn in, in pixels. */
const DRAWN_SIDE = 160

export interface FittedPicture {
  mediaType: string
  bytes: Uint8Array
  /** Pixels that it is drawn in. */
  width: number
  height: number
}

/** @returns `null` if the file is gone, is not a picture, or is of a kind that spreadsheets do not draw. */
export async function readSheetPicture(address: string): Promise<FittedPicture | null> {
  try {
    const bytes = await readFile(fileURLToPath(address))
    const kind = pictureKind(bytes)
    const size = kind === 'jpeg' ? jpegSize(bytes) : kind === 'png' ? pngSize(bytes) : null
    if (size === null) return null
    const scale = DRAWN_SIDE / Math.max(1, ...size)
    const [width, height] = size.map(side => Math.max(1, Math.round(side * scale)))
    return { mediaType: `image/${kind}`, bytes, width: width ?? DRAWN_SIDE, height: height ?? DRAWN_SIDE }
  } catch {
    return null
  }
}

type Size = readonly [width: number, height: number]

function pngSize(file: Buffer): Size {
  return [file.readUInt32BE(16), file.readUInt32BE(20)]
}

/** From the start of the frame: markers C0 to CF but C4, C8 and CC, which are tables and extensions. */
function jpegSize(file: Buffer): Size | null {
  for (let at = 2; at + 9 < file.length; at += 2 + file.readUInt16BE(at + 2)) {
    if (file[at] !== 0xff) return null
    const marker = file.readUInt8(at + 1)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return [file.readUInt16BE(at + 7), file.readUInt16BE(at + 5)]
  }
  return null
}
