/** Decodes untrusted pictures of five formats to upright RGB, with limits on pixels and time. */
import sharp, { type Metadata } from 'sharp'
import { AppError } from '../../errors.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { SMALLER_HINT, tookTooLong, unreadable } from '../failures.ts'
import type { Box } from './box.ts'

export const MAX_PIXELS = 40_000_000
const MAX_DECODED_BYTES = 160_000_000
/** About twice the input of the network, so that crops of a query stay sharp. */
const RASTER_SIDE = 512

/** A decoded picture: 8-bit sRGB, three bytes per pixel, upright, on white. */
export interface Raster {
  readonly rgb: Uint8Array
  readonly width: number
  readonly height: number
}

let areDecodersLimited = false

/**
 * Limits libvips for the whole process: no cache, one thread, and only the loaders of the five formats. Runs once,
 * since what another thread starts to decode between blocking and unblocking fails.
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
 * Decodes the first frame of a picture file that passed `checkPicture`, at most 512 pixels on its longer side.
 * @throws AppError `picture_unreadable`.
 */
export async function decodePicture(bytes: Uint8Array): Promise<Raster> {
  try {
    const picture = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1, autoOrient: true })
    const metadata = await picture.metadata()
    if (metadata.width * metadata.height * bytesPerPixel(metadata) > MAX_DECODED_BYTES) throw tooManyPixels()
    const { data, info } = await picture
      .timeout({ seconds: CALL_BUDGET.decoding.callerMs / 1000 })
      .flatten({ background: '#fff' })
      .resize(RASTER_SIDE, RASTER_SIDE, { fit: 'inside', withoutEnlargement: true, kernel: 'cubic' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    return { rgb: data, width: info.width, height: info.height }
  } catch (cause) {
    throw explain(cause)
  }
}

/** Stretches a raster, or a part of it, to a square; three bytes per pixel. */
export async function squareOf({ rgb, width, height }: Raster, side: number, box?: Box): Promise<Uint8Array> {
  const picture = sharp(rgb, { raw: { width, height, channels: 3 } })
  const part = box ? picture.extract({ ...box }) : picture
  return part.resize(side, side, { fit: 'fill', kernel: 'cubic' }).raw().toBuffer()
}

/**
 * What the decoder holds in memory, measured at 40 megapixels: nothing if it works line by line, every coefficient of a
 * progressive JPEG, every sample of an interlaced PNG, whole frames of other formats.
 */
function bytesPerPixel({ format, isProgressive, channels, depth }: Metadata): number {
  const sampleBytes = depth === 'uchar' ? 1 : 2
  if (format === 'heif') return 18 * sampleBytes
  if (format === 'gif') return 5
  if (!isProgressive) return format === 'webp' ? 4 : 0
  return format === 'jpeg' ? 2 * channels : channels * sampleBytes
}

function tooManyPixels(cause?: unknown): AppError {
  return unreadable('The picture has too many pixels to decode safely.', SMALLER_HINT, cause)
}

function explain(cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  const reason = cause instanceof Error ? cause.message : ''
  if (/pixel limit/i.test(reason)) return tooManyPixels(cause)
  if (/timeout/i.test(reason)) return tookTooLong(cause)
  return unreadable(
    'The picture file is damaged or incomplete.',
    'Open it, save it again as JPEG or PNG, and pass the new file.',
    cause,
  )
}
