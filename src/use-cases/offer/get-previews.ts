/** Small pictures for a vision model: as many as are ready in time. */
import { asAppError, throwIfAborted } from '../../errors.ts'
import type { OfferCard, OfferPreview } from '../../offers/results/results.ts'
import type { ThumbnailType } from '../../pictures/decoder/messages.ts'
import type { DecoderPool } from '../../pictures/decoder/pool.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { withinTime } from '../../time/deadline.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import type { CardsRequest } from './get-cards.ts'

/** Longer side in pixels: enough for a model to tell goods apart, at about 30 tokens a picture. */
const PREVIEW_SIDE = 160

export interface PreviewRequest {
  /** Valid IDs. */
  offerIds: readonly string[]
  /** WebP is the smallest; spreadsheets need JPEG, terminals PNG. */
  mediaType: ThumbnailType
  /** How long all of them are waited for, in milliseconds. Default: as long as a model waits. */
  patienceMs?: number
}

export interface PreviewDeps {
  decoder: DecoderPool
  getCards: (request: CardsRequest, call: CallOptions) => Promise<OfferCard[]>
}

export function createGetPreviews({ decoder, getCards }: PreviewDeps) {
  return async function getPreviews(
    { offerIds, mediaType, patienceMs = CALL_BUDGET.previews.callerMs }: PreviewRequest,
    call: CallOptions,
  ): Promise<OfferPreview[]> {
    const previewOf = async (offerId: string, signal: AbortSignal): Promise<OfferPreview | null> => {
      try {
        const request = { offerIds: [offerId], withThumbnails: true, side: PREVIEW_SIDE }
        const [card] = await getCards(request, { ...call, signal })
        if (!card?.thumbnail) return null
        return {
          offerId,
          mediaType,
          ...(await decoder.convert(card.thumbnail, mediaType, { owner: 'listing', signal })),
        }
      } catch (thrown) {
        throwIfAborted(call.signal)
        if (asAppError(thrown).code === 'internal') throw thrown
        return null
      }
    }
    const previews = await withinTime(patienceMs, call.signal, signal =>
      Promise.all(offerIds.map(offerId => previewOf(offerId, signal))),
    )
    return previews.filter(preview => preview !== null)
  }
}
