import type { DecoderPool } from '../../pictures/decoder/pool.ts'
import type { PictureReader } from '../../pictures/reader.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'

/** Longer side in pixels: a report shows the query picture about 240 wide, twice that on a high-density screen. */
const QUERY_SIDE = 480

export interface ThumbnailDeps {
  decoder: DecoderPool
  pictureReader: PictureReader
}

/** A small WebP of the picture; `image` is a reference as in a search. */
export function createGetThumbnail({ decoder, pictureReader }: ThumbnailDeps) {
  return async function getThumbnail(image: string, { signal }: CallOptions): Promise<Uint8Array> {
    const { bytes } = await pictureReader.read(image, signal)
    return decoder.thumbnail(bytes, QUERY_SIDE, { owner: 'caller', signal })
  }
}
