/** Owns making a picture small enough to be uploaded. */
import { AppError } from '../../errors.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'

/** The platform advises 100 to 300 kB. */
export const MAX_UPLOAD_BYTES = 300_000

/** Pixels of the longer side, and JPEG quality, tried in turn until the result is small enough; at the last one it is at most some 150 kB. */
const STEPS = [
  { side: 1000, quality: 82 },
  { side: 800, quality: 70 },
  { side: 480, quality: 60 },
] as const

/** The largest picture that is decoded, pixels; as everywhere in this program. */
const MAX_PIXELS = 40_000_000

/**
 * The picture as it is where it is a JPEG or PNG of at most {@link MAX_UPLOAD_BYTES}, else a smaller JPEG of it. sharp is loaded when it is first needed
 * (some 100 ms); its work is done in threads of its own.
 * @throws AppError `picture_unreadable`.
 */
export async function shrinkPicture(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes.length <= MAX_UPLOAD_BYTES && isJpegOrPng(bytes)) return bytes
  const { default: sharp } = await import('sharp')
  limitDecoders(sharp)
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
    throw unreadable(cause)
  }
  throw unreadable()
}

let areDecodersLimited = false

/**
 * The same limits as for every other picture; they hold for the whole process. Set once: what another thread begins to decode between the
 * blocking and the unblocking fails.
 */
function limitDecoders(sharp: Pick<typeof import('sharp'), 'cache' | 'block' | 'unblock'>): void {
  if (areDecodersLimited) return
  areDecodersLimited = true
  sharp.cache(false)
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({
    operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].map(format => `VipsForeignLoad${format}Buffer`),
  })
}

function unreadable(cause?: unknown): AppError {
  return new AppError({
    code: 'picture_unreadable',
    message: 'The picture could not be made small enough to be sent to 1688.',
    hint: 'Pass a copy of it saved as JPEG, with 1000 pixels on the longer side.',
    cause,
  })
}

function isJpegOrPng(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 4)).toString('latin1')
  return head.startsWith('\xff\xd8\xff') || head === '\x89PNG'
}
