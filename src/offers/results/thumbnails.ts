import type { OfferCard } from './results.ts'

/** The small pictures that are there, by offer ID. */
export function thumbnailsOf(cards: readonly OfferCard[]): Map<string, Uint8Array> {
  return new Map(cards.flatMap(({ offer, thumbnail }) => (thumbnail ? [[offer.offerId, thumbnail] as const] : [])))
}
