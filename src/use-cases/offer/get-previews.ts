/** Small pictures for a model to look at: as many as come in time; an answer does not wait for the rest. */
import { asAppError, throwIfAborted } from '../../errors.ts'
import type { OfferCard, OfferPreview } from '../../offers/results/results.ts'
import { convertThumbnail, type ThumbnailType } from '../../pictures/thumbnail.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { withinTime } from '../../time/deadline.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import type { CardsRequest } from './get-cards.ts'

/** Longer side of a preview, pixels: a model tells goods apart at this size, for some 30 tokens a picture. */
const PREVIEW_SIDE = 160

export interface PreviewRequest {
  /** Checked IDs. */
  offerIds: readonly string[]
  /** WebP is the smallest, JPEG what spreadsheets draw too, PNG what terminals draw. */
  mediaType: ThumbnailType
}

export interface PreviewDeps {
  getCards: (request: CardsRequest, call: CallOptions) => Promise<OfferCard[]>
  /** Default {@link CALL_BUDGET}. */
  patienceMs?: number
}

export function createGetPreviews({ getCards, patienceMs = CALL_BUDGET.previews.callerMs }: PreviewDeps) {
  return async function getPreviews(
    { offerIds, mediaType }: PreviewRequest,
    call: CallOptions,
  ): Promise<OfferPreview[]> {
    const previewOf = async (offerId: string, signal: AbortSignal): Promise<OfferPreview | null> => {
      try {
        const request = { offerIds: [offerId], withThumbnails: true, side: PREVIEW_SIDE }
        const [card] = await getCards(request, { ...call, signal })
        return card?.thumbnail ? { offerId, mediaType, ...(await convertThumbnail(card.thumbnail, mediaType)) } : null
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
