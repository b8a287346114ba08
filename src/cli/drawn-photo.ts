/** The photo that was searched by, for a sheet or a page of what was found. */
import { AppError } from '../errors.ts'
import type { DrawnPicture } from '../pictures/decoder/messages.ts'
import type { ThumbnailRequest } from '../use-cases/offer/get-thumbnail.ts'
import type { CommandContext } from './command.ts'

/** `null` if it cannot be drawn: the offers are worth a file without it. */
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
