import type { DrawnPicture, ThumbnailType } from '../../pictures/decoder/messages.ts'
import type { DecoderPool } from '../../pictures/decoder/pool.ts'
import type { Region } from '../../pictures/decoder/region.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import { cropPicture } from '../search/photos/crop-picture.ts'
import { createQueryPictures, type QueryPictureDeps } from '../search/photos/query-picture.ts'

/** Longer side in pixels: a report shows the query picture about 240 wide, twice that on a high-density screen. */
const QUERY_SIDE = 480

export interface ThumbnailRequest {
  /** A reference as in the search that has been made with it. */
  image: string
  region?: Region | undefined
  mediaType: ThumbnailType
  /** The longer one, in pixels. Default: as a report needs it. */
  side?: number
}

export interface ThumbnailDeps extends QueryPictureDeps {
  decoder: DecoderPool
}

/** The picture of a search, small. Costs nothing: an offer's picture must be known. */
export function createGetThumbnail(deps: ThumbnailDeps) {
  const queryPictures = createQueryPictures(deps)
  const { decoder } = deps
  return async function getThumbnail(
    { image, region, mediaType, side = QUERY_SIDE }: ThumbnailRequest,
    call: CallOptions,
  ): Promise<DrawnPicture> {
    const { picture: whole } = await queryPictures.read(image, undefined, call, true)
    const { bytes } = region === undefined ? whole : await cropPicture(whole, region, decoder, call.signal)
    const work = { owner: 'caller' as const, signal: call.signal }
    return decoder.convert(await decoder.thumbnail(bytes, side, work), mediaType, work)
  }
}
