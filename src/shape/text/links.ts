/** Which links a reply shows. */
import { listingUrl } from '../../offers/id/offer-id.ts'
import { isOwnId } from '../../offers/id/own-id.ts'

/** The listing's page, or `null` where there is none: sample offers are made up, and a user's own ids are not 1688's. */
export function linkOf(offerId: string, source: string): string | null {
  return source === 'sample' || isOwnId(offerId) ? null : listingUrl(offerId)
}

/** The picture's address; `null` for one on this machine's disk, which is nobody's business. */
export function pictureLinkOf(imageUrl: string | null): string | null {
  return imageUrl?.startsWith('file:') ? null : imageUrl
}

/** A thumbnail as a data: URL. */
export function dataUrl(thumbnail: Uint8Array): string {
  return `data:image/webp;base64,${Buffer.from(thumbnail).toString('base64')}`
}
