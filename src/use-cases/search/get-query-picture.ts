/** A small copy of the picture that a search began with, for a page to show beside what was found. */
import { AppError } from '../../errors.ts'
import type { DecoderPool } from '../../pictures/decoder/pool.ts'
import type { PictureReader } from '../../pictures/reader.ts'
import type { RecentPictures } from '../../pictures/recent-pictures.ts'
import { parseReference } from '../../pictures/reference/reference.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { withinTime } from '../../time/deadline.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'

/** Longer side in pixels: it is shown at 56, three times that on a phone. */
const SIDE = 168

export interface QueryPictureDeps {
  decoder: DecoderPool
  pictureReader: PictureReader
  recentPictures: RecentPictures
}

export function createGetQueryPicture({ decoder, pictureReader, recentPictures }: QueryPictureDeps) {
  /**
   * @param reference as it was passed to the search.
   * @returns `null` if it is not known any more and cannot be read again. An offer is shown as such.
   */
  return async function getQueryPicture(
    { reference }: { reference: string },
    { signal }: CallOptions,
  ): Promise<Uint8Array | null> {
    try {
      const { kind } = parseReference(reference)
      const kept = recentPictures.find(reference)
      // The clipboard may hold something else by now.
      if ((kept === null && kind === 'clipboard') || kind === 'offer') return null
      return await withinTime(CALL_BUDGET.thumbnails.callerMs, signal, async inTime => {
        const { bytes } = kept?.picture ?? (await pictureReader.read(reference, inTime, { preferSmall: true }))
        return decoder.thumbnail(bytes, SIDE, { owner: 'caller', signal: inTime })
      })
    } catch (error) {
      if (error instanceof AppError && error.code !== 'internal') return null
      throw error
    }
  }
}
