/** Decodes hostile pictures: five formats, bounded bytes, pixels and time, out comes plain upright RGB. */
import sharp, { type Metadata } from 'sharp'
import { AppError } from '../../errors.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { tookTooLong, tooLarge, unreadable } from '../failures.ts'
import type { Box } from './box.ts'
import { assertPicture } from './kind.ts'

/** The largest picture file, bytes. */
const MAX_BYTES = 10_000_000
/** The largest picture, pixels. */
export const MAX_PIXELS = 40_000_000
/** The most memory that decoding one picture may take, bytes. */
const MAX_DECODED_BYTES = 160_000_000
/** Longest side that is kept, pixels. Crops of a query stay sharp at twice what the network looks at. */
const KEPT_SIDE = 512

/** A decoded picture: 8-bit sRGB, three bytes a pixel, turned upright, on white. */
export interface Raster {
  readonly rgb: Uint8Array
  readonly width: number
  readonly height: number
}

let areDecodersLimited = false

/**
 * Limits libvips for the whole process: no cache, one thread, and no loader but those of the five formats. Done once: whatever another thread
 * begins to decode between the blocking and the unblocking fails.
 */
export function limitDecoders(): void {
  if (areDecodersLimited) return
  areDecodersLimited = true
  sharp.cache(false)
  sharp.concurrency(1)
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({
    operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].map(format => `VipsForeignLoad${format}Buffer`),
  })
}

/**
 * Decodes the first frame of a picture file, at most 512 pixels on its longer side.
 * @throws AppError `picture_unreadable`.
 */
export async function decodePicture(bytes: Uint8Array): Promise<Raster> {
  if (bytes.length > MAX_BYTES) throw tooLarge(MAX_BYTES)
  assertPicture(bytes)
  try {
    const picture = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1, autoOrient: true })
    const metadata = await picture.metadata()
    if (metadata.width * metadata.height * bytesPerPixel(metadata) > MAX_DECODED_BYTES) throw tooManyPixels()
    const { data, info } = await picture
      .timeout({ seconds: CALL_BUDGET.decoding.callerMs / 1000 })
      .flatten({ background: '#fff' })
      .resize(KEPT_SIDE, KEPT_SIDE, { fit: 'inside', withoutEnlargement: true, kernel: 'cubic' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    return { rgb: data, width: info.width, height: info.height }
  } catch (cause) {
    throw explain(cause)
  }
}

/** A part of a raster, or all of it, stretched to a square of `side` pixels; three bytes a pixel. */
export async function squareOf({ rgb, width, height }: Raster, side: number, box?: Box): Promise<Uint8Array> {
  const picture = sharp(rgb, { raw: { width, height, channels: 3 } })
  const part = box ? picture.extract({ ...box }) : picture
  return part.resize(side, side, { fit: 'fill', kernel: 'cubic' }).raw().toBuffer()
}

/**
 * What the decoder keeps of each pixel at once, measured at 40 megapixels: nothing where it works line by line, every coefficient of a
 * progressive JPEG, every sample of an interlaced PNG, whole frames of the others.
 */
function bytesPerPixel({ format, isProgressive, channels, depth }: Metadata): number {
  const sampleBytes = depth === 'uchar' ? 1 : 2
  if (format === 'heif') return 18 * sampleBytes
  if (format === 'gif') return 5
  if (!isProgressive) return format === 'webp' ? 4 : 0
  return format === 'jpeg' ? 2 * channels : channels * sampleBytes
}

function tooManyPixels(cause?: unknown): AppError {
  return unreadable(
    'The picture has too many pixels to be decoded safely.',
    'Pass a smaller copy: 1000 pixels on the longer side are more than enough.',
    cause,
  )
}

function explain(cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  const reason = cause instanceof Error ? cause.message : ''
  if (/pixel limit/i.test(reason)) return tooManyPixels(cause)
  if (/timeout/i.test(reason)) return tookTooLong(cause)
  return unreadable(
    'The picture file is damaged or incomplete.',
    'Open it, save it again as JPEG or PNG, and pass that.',
    cause,
  )
}
