/** What a cosine means to a buyer. */
import type { Likeness } from '../offers/results/results.ts'
import { BUILTIN_ID } from './builtin/id.ts'

/** From which cosine a match has its word; below `similar` it is weak. */
interface Thresholds {
  readonly sameItem: number
  readonly similar: number
}

/**
 * Of 550 altered copies (crops, screenshots, turns, other colours …) of 50 photos among 1,327 of clothes, seed dev-1:
 *
 * | from cosine | its source reaches it | the best of another class does | the best other one of its class does |
 * |---|---|---|---|
 * | 0.50 `similar` | 98.5 % | 3.5 % | 24.0 % |
 * | 0.60 `same item` | 93.6 % | 0.0 % | 7.1 % |
 *
 * `npm run bench:vision` prints them for any set. A picture has 0.976 with itself, as a query leans towards the kind.
 */
const BUILTIN: Thresholds = { sameItem: 0.6, similar: 0.5 }
const IDENTICAL = 0.97
const THRESHOLDS: ReadonlyMap<string, Thresholds> = new Map([[BUILTIN_ID, BUILTIN]])

/** The word for a cosine, -1..1; `null` for a model whose cosines nobody has calibrated. */
export function likenessOf(cosine: number, model: string): Likeness | null {
  const thresholds = THRESHOLDS.get(model)
  if (!thresholds) return null
  if (cosine >= thresholds.sameItem) return 'same item'
  return cosine >= thresholds.similar ? 'similar' : 'weak'
}

/**
 * A cosine as the 0..1 that a reply shows: 0 for what has nothing in common, 0.5 where `similar` begins, 0.75 where `same item` does,
 * 1 for the
 * same picture, straight in between.
 */
export function similarityOf(cosine: number): number {
  const { sameItem, similar } = BUILTIN
  if (cosine <= 0) return 0
  if (cosine < similar) return (0.5 * cosine) / similar
  if (cosine < sameItem) return 0.5 + (0.25 * (cosine - similar)) / (sameItem - similar)
  return Math.min(1, 0.75 + (0.25 * (cosine - sameItem)) / (IDENTICAL - sameItem))
}
