/** What people are shown of known offers beside a reply: pictures, MOQ and links from the catalogue, at no cost. */
import { LRUCache } from 'lru-cache'
import pLimit from 'p-limit'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { AppError, throwIfAborted } from '../../errors.ts'
import type { OfferCard } from '../../offers/results/results.ts'
import type { PictureReader } from '../../pictures/reader.ts'
import { smallPictureUrl } from '../../pictures/small-url.ts'
import { makeThumbnail } from '../../pictures/thumbnail.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { withinTime } from '../../time/deadline.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'

/** Longer side of a thumbnail, pixels: a card is some 200 wide, on a sharp screen twice that. */
const THUMBNAIL_SIDE = 240

/** Pictures fetched side by side. */
const CONCURRENCY = 6

/** Thumbnails that are kept in memory, some 5 kB each: a grid is drawn again more often than a listing's picture changes. */
const MAX_KEPT = 400

export interface CardsRequest {
  /** Checked IDs. */
  offerIds: readonly string[]
  withThumbnails: boolean
  /** Longer side of the thumbnails, pixels. */
  side?: number
}

export interface CardsDeps {
  catalogue: Catalogue
  /** Reads the catalogue's pictures, files of an import included. */
  catalogueReader: PictureReader
  sourceNames: readonly string[]
}

export function createGetCards({ catalogue, catalogueReader, sourceNames }: CardsDeps) {
  const kept = new LRUCache<string, Uint8Array>({ max: MAX_KEPT })

  const thumbnailOf = async (imageUrl: string, side: number, signal: AbortSignal): Promise<Uint8Array | null> => {
    const key = `${side} ${imageUrl}`
    const known = kept.get(key)
    if (known) return known
    try {
      const picture = await catalogueReader.read(imageUrl, signal, { preferSmall: true })
      const thumbnail = await makeThumbnail(picture.bytes, side)
      kept.set(key, thumbnail)
      return thumbnail
    } catch (error) {
      if (error instanceof AppError && error.code !== 'internal') return null
      throw error
    }
  }

  /** In the order of the request; an offer that is not known is left out. */
  return async function getCards(
    { offerIds, withThumbnails, side = THUMBNAIL_SIDE }: CardsRequest,
    { signal }: CallOptions,
  ): Promise<OfferCard[]> {
    const cardOf = async (offerId: string, inTime: AbortSignal): Promise<OfferCard[]> => {
      throwIfAborted(signal)
      const known = await catalogue.getOffer(offerId, sourceNames)
      if (!known) return []
      const { imageUrl } = known.offer
      const thumbnail = withThumbnails && imageUrl !== null ? await thumbnailOf(imageUrl, side, inTime) : null
      return [{ offer: known.offer, source: known.source, pictureUrl: webPicture(imageUrl), thumbnail }]
    }
    const cards = await withinTime(CALL_BUDGET.thumbnails.callerMs, signal, inTime =>
      pLimit(CONCURRENCY).map(new Set(offerIds), offerId => cardOf(offerId, inTime)),
    )
    throwIfAborted(signal)
    return cards.flat()
  }
}

/** The address of the small copy that a page can load by itself, or `null`: pages of today load over https only. */
function webPicture(imageUrl: string | null): string | null {
  return imageUrl?.startsWith('https:') ? smallPictureUrl(new URL(imageUrl)).href : null
}
