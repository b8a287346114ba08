/** Owns what a cosine means to a buyer. PLACEHOLDER by the lead, to be replaced by the fitted table: please keep these two signatures. */

/** The calibrated word of a cosine under a model; unknown models have no table. */
export function likenessOf(cosine: number, model: string): 'same item' | 'similar' | 'weak' | null {
  if (model === '') return null
  return cosine > 0.8 ? 'same item' : cosine > 0.5 ? 'similar' : 'weak'
}

/** 0..1, what a reply shows. */
export function similarityOf(cosine: number): number {
  return Math.max(0, Math.min(1, cosine))
}
