/** Owns an offer of a search with its likeness to the picture, where that is known. */
import type { OfferSummary } from '../../offers/offer.ts'
import type { RankedOffer } from '../../offers/results/results.ts'
import { likenessOf, similarityOf } from '../../vision/likeness.ts'

/** @param cosine of the picture against the offer's, as `model` sees them; `undefined` where nobody compared. */
export function rankedOffer(
  { offer, source }: { offer: OfferSummary; source: string },
  model: string,
  cosine?: number,
): RankedOffer {
  if (cosine === undefined) return { offer, source, similarity: null, likeness: null }
  return { offer, source, similarity: similarityOf(cosine), likeness: likenessOf(cosine, model) }
}
