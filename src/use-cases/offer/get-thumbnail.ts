import type { DecoderPool } from '../../pictures/decoder/pool.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import { createQueryPictures, type QueryPictureDeps } from '../search/photos/query-picture.ts'

/** Longer side in pixels: a report shows the query picture about 240 wide, twice that on a high-density screen. */
const QUERY_SIDE = 480

export interface ThumbnailDeps extends QueryPictureDeps {
  decoder: DecoderPool
}

/** A small WebP of the picture; `image` is a reference as in a search. Costs nothing: an offer's picture must be known. */
export function createGetThumbnail(deps: ThumbnailDeps) {
  const queryPictures = createQueryPictures(deps)
  return async function getThumbnail(image: string, call: CallOptions): Promise<Uint8Array> {
    const { picture } = await queryPictures.read(image, undefined, call)
    return deps.decoder.thumbnail(picture.bytes, QUERY_SIDE, { owner: 'caller', signal: call.signal })
  }
}
