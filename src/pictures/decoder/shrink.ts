import sharp from 'sharp'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { unreadable } from '../failures.ts'
import { limitDecoders, MAX_PIXELS } from './decode.ts'

/** 1688's platform recommends 100 to 300 kB. */
const MAX_UPLOAD_BYTES = 300_000

/** Tried in turn until the result is small enough; the last one yields at most about 150 kB. */
const STEPS = [
  { side: 1000, quality: 82 },
  { side: 800, quality: 70 },
  { side: 480, quality: 60 },
] as const

/**
 * Returns a JPEG or PNG of at most {@link MAX_UPLOAD_BYTES} unchanged, otherwise a smaller JPEG.
 * @throws AppError `picture_unreadable`.
 */
export async function shrinkPicture(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes.length <= MAX_UPLOAD_BYTES && isJpegOrPng(bytes)) return bytes
  limitDecoders()
  const picture = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1, autoOrient: true })
    .timeout({ seconds: CALL_BUDGET.decoding.callerMs / 1000 })
    .flatten({ background: '#fff' })
  try {
    for (const { side, quality } of STEPS) {
      const small = await picture
        .clone()
        .resize(side, side, { fit: 'inside', withoutEnlargement: true })
        .jpeg({ quality })
        .toBuffer()
      if (small.length <= MAX_UPLOAD_BYTES) return small
    }
  } catch (cause) {
    throw notShrunk(cause)
  }
  throw notShrunk()
}

function notShrunk(cause?: unknown) {
  const hint = 'Pass a copy saved as JPEG, with 1000 pixels on the longer side.'
  return unreadable('The picture could not be made small enough to upload.', hint, cause)
}

function isJpegOrPng(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 4)).toString('latin1')
  return head.startsWith('\xff\xd8\xff') || head === '\x89PNG'
}
