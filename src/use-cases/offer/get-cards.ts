/** Cards of known offers for a user interface: picture, MOQ and link, from the catalogue at no cost. */
import { LRUCache } from 'lru-cache'
import pLimit from 'p-limit'
import { DETAILS_POLICY, isWithin } from '../../cache/policy.ts'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { AppError, throwIfAborted } from '../../errors.ts'
import type { ReadPast } from '../../history/past.ts'
import type { OfferStatus } from '../../offers/offer.ts'
import type { OfferCard } from '../../offers/results/results.ts'
import type { DecoderPool } from '../../pictures/decoder/pool.ts'
import type { PictureReader } from '../../pictures/reader.ts'
import { smallPictureUrl } from '../../pictures/small-url.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { withinTime } from '../../time/deadline.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'

/** Longer side in pixels: a card is about 200 wide, twice that on a high-density screen. */
const THUMBNAIL_SIDE = 240

/** Concurrent downloads. */
const CONCURRENCY = 6

/** About 5 kB each. A grid is redrawn more often than a listing's picture changes. */
const MAX_KEPT = 400

/** As long as details count as fresh, and a day, since the history keeps that time to the day. */
const STATUS_MS = DETAILS_POLICY.freshMs + 86_400_000

export interface CardsRequest {
  /** Valid IDs. */
  offerIds: readonly string[]
  withThumbnails: boolean
  /** Default false. */
  withStatus?: boolean
  /** Longer side in pixels. */
  side?: number
}

export interface CardsDeps {
  catalogue: Catalogue
  decoder: DecoderPool
  /** Also reads the files of imported offers. */
  catalogueReader: PictureReader
  sourceNames: readonly string[]
  readPast: ReadPast
  now: () => number
}

export function createGetCards({ catalogue, decoder, catalogueReader, sourceNames, readPast, now }: CardsDeps) {
  const kept = new LRUCache<string, Uint8Array>({ max: MAX_KEPT })

  const thumbnailOf = async (imageUrl: string, side: number, signal: AbortSignal): Promise<Uint8Array | null> => {
    const key = `${side} ${imageUrl}`
    const known = kept.get(key)
    if (known) return known
    try {
      const picture = await catalogueReader.read(imageUrl, signal, { preferSmall: true })
      const thumbnail = await decoder.thumbnail(picture.bytes, side, { owner: 'listing', signal })
      kept.set(key, thumbnail)
      return thumbnail
    } catch (error) {
      if (error instanceof AppError && error.code !== 'internal') return null
      throw error
    }
  }

  /** Search results do not say it. */
  const statusOf = async (source: string, offerId: string): Promise<OfferStatus | null> => {
    const [latest] = await readPast(source, offerId, 'details')
    return latest?.facts.status !== undefined && isWithin(STATUS_MS, latest.lastAt, now()) ? latest.facts.status : null
  }

  /** In the order of the request; unknown offers are left out. */
  return async function getCards(
    { offerIds, withThumbnails, withStatus = false, side = THUMBNAIL_SIDE }: CardsRequest,
    { signal }: CallOptions,
  ): Promise<OfferCard[]> {
    const cardOf = async (offerId: string, inTime: AbortSignal): Promise<OfferCard[]> => {
      throwIfAborted(signal)
      const known = await catalogue.getOffer(offerId, sourceNames)
      if (!known) return []
      const { imageUrl } = known.offer
      const thumbnail = withThumbnails && imageUrl !== null ? await thumbnailOf(imageUrl, side, inTime) : null
      const status = withStatus ? await statusOf(known.source, offerId) : null
      return [{ offer: known.offer, source: known.source, pictureUrl: webPicture(imageUrl), thumbnail, status }]
    }
    const cards = await withinTime(CALL_BUDGET.thumbnails.callerMs, signal, inTime =>
      pLimit(CONCURRENCY).map(new Set(offerIds), offerId => cardOf(offerId, inTime)),
    )
    throwIfAborted(signal)
    return cards.flat()
  }
}

/** The address of a small copy, or `null` if a page cannot load it: only https works. */
function webPicture(imageUrl: string | null): string | null {
  return imageUrl?.startsWith('https:') ? smallPictureUrl(new URL(imageUrl)).href : null
}
