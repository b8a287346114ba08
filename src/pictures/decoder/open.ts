/** Opens an untrusted picture of any supported kind, within limits on pixels. */
import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp'
import { AppError } from '../../errors.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { SMALLER_HINT, tookTooLong, unreadable } from '../failures.ts'
import { withPlainBrand } from './formats/brand.ts'
import type { Pixels } from './formats/pixels.ts'
import { pictureKind } from './kind.ts'

export const MAX_PIXELS = 40_000_000

/** A baseline JPEG is decoded line by line, and reduced while it is: cameras of phones write 50 and 108 megapixels. */
const MAX_JPEG_PIXELS = 120_000_000

const MAX_DECODED_BYTES = 270_000_000

/** A smaller picture is what a page shows before the photo is loaded, or what counts its readers. */
const MIN_SIDE = 8

export interface OpenOptions {
  /** `none` reads what there is of a cut file. Default `error`. */
  failOn?: SharpOptions['failOn']
  /** Of an animation. Default: the first. */
  frame?: number
}

/**
 * @returns the picture, upright, with a limit on its time.
 * @throws AppError `picture_unreadable`, or what the decoder throws.
 */
export async function openPicture(
  bytes: Uint8Array,
  { failOn = 'error', frame = 0 }: OpenOptions = {},
): Promise<Sharp> {
  const kind = pictureKind(bytes)
  // Each is loaded with the first picture of its kind.
  if (kind === 'heic') return fromPixels(await (await import('./formats/heic.ts')).decodeHeic(bytes))
  if (kind === 'bmp') return fromPixels((await import('./formats/bmp.ts')).decodeBmp(bytes))
  const limitInputPixels = kind === 'jpeg' ? MAX_JPEG_PIXELS : MAX_PIXELS
  const picture = sharp(kind === 'avif' ? withPlainBrand(bytes, 'avif') : bytes, {
    limitInputPixels,
    failOn,
    page: frame,
    pages: 1,
    autoOrient: true,
  })
  const metadata = await picture.metadata()
  const { width, height } = metadata
  if (width * height * bytesPerPixel(metadata) > MAX_DECODED_BYTES) throw tooManyPixels()
  if (Math.max(width, height) < MIN_SIDE) throw placeholder(width, height)
  return limited(picture)
}

function fromPixels({ data, width, height, channels }: Pixels): Sharp {
  if (Math.max(width, height) < MIN_SIDE) throw placeholder(width, height)
  return limited(sharp(data, { raw: { width, height, channels } }))
}

function limited(picture: Sharp): Sharp {
  return picture.timeout({ seconds: CALL_BUDGET.decoding.callerMs / 1000 })
}

/**
 * What the decoder holds in memory, measured at 40 megapixels: nothing if it works line by line, every coefficient of a
 * progressive JPEG, every sample of an interlaced PNG, whole frames of other formats.
 */
function bytesPerPixel({ format, isProgressive, channels, depth }: Metadata): number {
  const sampleBytes = depth === 'uchar' ? 1 : 2
  if (format === 'heif') return 18 * sampleBytes
  if (format === 'gif') return 5
  if (format === 'tiff') return channels * sampleBytes
  if (!isProgressive) return format === 'webp' ? 4 : 0
  return format === 'jpeg' ? 2 * channels : channels * sampleBytes
}

function placeholder(width: number, height: number): AppError {
  const hint = 'Open the page in a browser, and pass the address of the photo itself.'
  return unreadable(`The picture has ${width} x ${height} pixels: it is a placeholder, not the photo.`, hint)
}

function tooManyPixels(cause?: unknown): AppError {
  return unreadable('The picture has too many pixels to decode safely.', SMALLER_HINT, cause)
}

/** What a decoder threw, in words. */
export function explainDecoding(cause: unknown): AppError {
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
