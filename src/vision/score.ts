/** Owns what a cosine means to a buyer. */
import type { Likeness } from '../offers/result.ts'
import { BUILTIN_ID } from './builtin-id.ts'

/** From which cosine a match has its word; below `similar` it is weak. */
interface Thresholds {
  readonly sameItem: number
  readonly similar: number
}

const BUILTIN: Thresholds = { sameItem: 0.65, similar: 0.51 }
const THRESHOLDS: ReadonlyMap<string, Thresholds> = new Map([[BUILTIN_ID, BUILTIN]])

/** FIGURES */
export function likenessOf(cosine: number, model: string): Likeness | null {
  const thresholds = THRESHOLDS.get(model)
  if (!thresholds) return null
  if (cosine >= thresholds.sameItem) return 'same item'
  return cosine >= thresholds.similar ? 'similar' : 'weak'
}

/**
 * A cosine as the 0..1 that a reply shows: 0 for what has nothing in common, 0.5 where `similar` begins, 0.75 where `same item` does,
 * straight in between.
 */
export function similarityOf(cosine: number): number {
  const { sameItem, similar } = BUILTIN
  if (cosine <= 0) return 0
  if (cosine < similar) return (0.5 * cosine) / similar
  if (cosine < sameItem) return 0.5 + (0.25 * (cosine - similar)) / (sameItem - similar)
  return Math.min(1, 0.75 + (0.25 * (cosine - sameItem)) / (1 - sameItem))
}
