import { listingUrl } from '../../offers/id/offer-id.ts'
import { isOwnId } from '../../offers/id/own-id.ts'

/**
 * The listing's page; `null` for sample offers, which are made up, and for IDs from a user's own file, which 1688 does
 * not know.
 */
export function linkOf(offerId: string, source: string): string | null {
  return source === 'sample' || isOwnId(offerId) ? null : listingUrl(offerId)
}

/** The picture's address; `null` for a local file, whose path is private. */
export function pictureLinkOf(imageUrl: string | null): string | null {
  return imageUrl?.startsWith('file:') ? null : imageUrl
}

/** A thumbnail as a data: URL. */
export function dataUrl(thumbnail: Uint8Array): string {
  return `data:image/webp;base64,${Buffer.from(thumbnail).toString('base64')}`
}
