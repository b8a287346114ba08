import { createHash } from 'node:crypto'
import type { DecoderPool } from '../../../pictures/decoder/pool.ts'
import { formatRegion, type Region } from '../../../pictures/decoder/region.ts'
import type { Picture } from '../../../pictures/reader.ts'

/** A part of a picture as a picture of its own, which is searched, cached and uploaded like any other. */
export async function cropPicture(
  { bytes, label }: Picture,
  region: Region,
  decoder: Pick<DecoderPool, 'crop'>,
  signal: AbortSignal | undefined,
): Promise<Picture> {
  const part = await decoder.crop(bytes, region, { owner: 'caller', signal })
  return {
    bytes: part,
    sha256: createHash('sha256').update(part).digest('hex'),
    label: `${label}, region ${formatRegion(region)}`,
    // The address is that of the whole picture.
    url: null,
  }
}
