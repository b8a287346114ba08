import { unreadable } from '../failures.ts'
import { isCut } from './cut.ts'
import type { DrawnPicture } from './messages.ts'
import { openPicture } from './open.ts'
import { boxOfRegion, type Region } from './region.ts'
import { MAX_UPLOAD_BYTES } from './upload-size.ts'

/** Tried in turn until the result is small enough; the last one yields at most about 150 kB. */
const STEPS = [
  { side: 1000, quality: 82 },
  { side: 800, quality: 70 },
  { side: 480, quality: 60 },
] as const

/**
 * Returns a JPEG of at most {@link MAX_UPLOAD_BYTES}, of the picture or a part of it.
 * @throws AppError `picture_unreadable`.
 */
export async function shrinkPicture(bytes: Uint8Array, region?: Region): Promise<DrawnPicture> {
  try {
    const failOn = isCut(bytes) ? 'none' : 'error'
    const opened = await openPicture(bytes, { failOn })
    if (region) opened.extract({ ...boxOfRegion(region, (await opened.metadata()).autoOrient) })
    const picture = opened.flatten({ background: '#fff' })
    for (const { side, quality } of STEPS) {
      const { data, info } = await picture
        .clone()
        .resize(side, side, { fit: 'inside', withoutEnlargement: true })
        .jpeg({ quality })
        .toBuffer({ resolveWithObject: true })
      if (data.length <= MAX_UPLOAD_BYTES) return { bytes: data, width: info.width, height: info.height }
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
