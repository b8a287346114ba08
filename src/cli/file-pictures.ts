/** Pictures for the files that a command writes. */
import { AppError } from '../errors.ts'
import type { OfferPreview } from '../offers/results/results.ts'
import type { DrawnPicture } from '../pictures/decoder/messages.ts'
import type { ThumbnailRequest } from '../use-cases/offer/get-thumbnail.ts'
import type { CommandContext } from './command.ts'

/** A file is kept, so its pictures are waited for: in milliseconds, for all of them and for each. */
const PATIENCE_MS = 20_000
const PATIENCE_EACH_MS = 2_000

/** Of offers, for a sheet. */
export function sheetPictures(
  offerIds: readonly string[],
  { app, signal }: Pick<CommandContext, 'app' | 'signal'>,
): Promise<OfferPreview[]> {
  const patienceMs = PATIENCE_MS + PATIENCE_EACH_MS * offerIds.length
  return app.services.getPreviews({ offerIds, mediaType: 'image/jpeg', patienceMs }, { signal })
}

/** The photo that was searched by. `null` if it cannot be drawn: the offers are worth a file without it. */
export async function drawnPhoto(
  request: ThumbnailRequest,
  { app, signal }: Pick<CommandContext, 'app' | 'signal'>,
): Promise<DrawnPicture | null> {
  try {
    return await app.services.getThumbnail(request, { signal })
  } catch (error) {
    if (error instanceof AppError && error.code !== 'internal' && !signal.aborted) return null
    throw error
  }
}
