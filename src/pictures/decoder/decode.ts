/** Decodes untrusted pictures to upright RGB, with limits on pixels and time. */
import sharp, { type Sharp } from 'sharp'
import { unreadable } from '../failures.ts'
import type { Box } from './box.ts'
import { isCut } from './cut.ts'
import { explainDecoding, openPicture } from './open.ts'

/** About twice the input of the network, so that crops of a query stay sharp. */
export const RASTER_SIDE = 512

/** A decoded picture: 8-bit sRGB, three bytes per pixel, upright, on white. */
export interface Raster {
  readonly rgb: Uint8Array
  readonly width: number
  readonly height: number
}

let areDecodersLimited = false

/**
 * Limits libvips for the whole process: no cache, one thread, and only the loaders of the formats that we read. Runs
 * once, since what another thread starts to decode between blocking and unblocking fails.
 */
export function limitDecoders(): void {
  if (areDecodersLimited) return
  areDecodersLimited = true
  sharp.cache(false)
  sharp.concurrency(1)
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({
    operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'].map(format => `VipsForeignLoad${format}Buffer`),
  })
}

/**
 * Decodes the first frame of a picture file that passed `checkPicture`, at most 512 pixels on its longer side. Of a cut
 * file, the part that came.
 * @throws AppError `picture_unreadable`.
 */
export async function decodePicture(bytes: Uint8Array): Promise<Raster> {
  try {
    return await rasterOf(await openPicture(bytes))
  } catch (cause) {
    const failure = explainDecoding(cause)
    const rest = isCut(bytes) ? await decodeCut(bytes) : null
    if (rest === null) throw failure
    return rest
  }
}

/**
 * Decodes a picture to be matched: of an animation, the first frame that shows something.
 * @throws AppError `picture_unreadable`, also for a blank picture.
 */
export async function decodePhoto(bytes: Uint8Array): Promise<Raster> {
  const first = await decodePicture(bytes)
  if (!isBlank(first)) return first
  for (const frame of await laterFrames(bytes)) {
    const raster = await rasterOf(await openPicture(bytes, { frame }))
    if (!isBlank(raster)) return raster
  }
  throw unreadable('The picture is blank: it has one colour only.', 'Pass a photo that shows the product.')
}

/** Stretches a raster, or a part of it, to a square; three bytes per pixel. */
export async function squareOf({ rgb, width, height }: Raster, side: number, box?: Box): Promise<Uint8Array> {
  const picture = sharp(rgb, { raw: { width, height, channels: 3 } })
  const part = box ? picture.extract({ ...box }) : picture
  return part.resize(side, side, { fit: 'fill', kernel: 'cubic' }).raw().toBuffer()
}

async function rasterOf(picture: Sharp): Promise<Raster> {
  const { data, info } = await picture
    .flatten({ background: '#fff' })
    .resize(RASTER_SIDE, RASTER_SIDE, { fit: 'inside', withoutEnlargement: true, kernel: 'cubic' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  return { rgb: data, width: info.width, height: info.height }
}

/** With less of its rows, a picture hardly shows the product. */
const MIN_SHARE_OF_ROWS = 2 / 3

/** @returns the rows that came; `null` if they are too few, or cannot be decoded either. */
async function decodeCut(bytes: Uint8Array): Promise<Raster | null> {
  try {
    const { rgb, width, height } = await rasterOf(await openPicture(bytes, { failOn: 'none' }))
    let rows = height
    while (rows > 0 && isWithin(rgb.subarray((rows - 1) * width * 3, rows * width * 3), 0)) rows--
    return rows < height * MIN_SHARE_OF_ROWS ? null : { rgb: rgb.subarray(0, rows * width * 3), width, height: rows }
  } catch {
    return null
  }
}

/** What compression alone makes of one colour. */
const BLANK_RANGE = 6

function isBlank({ rgb }: Raster): boolean {
  return isWithin(rgb, BLANK_RANGE)
}

/** Whether no two pixels differ by more than `range` in red, green or blue. */
function isWithin(rgb: Uint8Array, range: number): boolean {
  for (let channel = 0; channel < 3; channel++) {
    let low = 255
    let high = 0
    for (let at = channel; at < rgb.length; at += 3) {
      const value = rgb[at] ?? 0
      if (value < low) low = value
      if (value > high) high = value
      if (high - low > range) return false
    }
  }
  return true
}

/** The second, the middle and the last frame of an animation. */
async function laterFrames(bytes: Uint8Array): Promise<number[]> {
  const { pages = 1 } = await (await openPicture(bytes)).metadata()
  return [...new Set([1, Math.floor(pages / 2), pages - 1])].filter(frame => frame > 0 && frame < pages)
}
