/** What a cosine means to a buyer. */
import type { Likeness } from '../offers/results/results.ts'
import { BUILTIN_ID } from './builtin/id.ts'

/** The lowest cosines; below `similar` a match is weak. */
interface Thresholds {
  readonly sameItem: number
  readonly similar: number
}

/**
 * Of 550 altered copies (crops, screenshots, rotations, other colours …) of 50 photos among 1,327 of clothes, seed
 * dev-1, how often these photos reach the cosine:
 *
 * | cosine | the original | the best of another class | the best other one of the same class |
 * |---|---|---|---|
 * | 0.50 `similar` | 98.5 % | 3.5 % | 24.0 % |
 * | 0.60 `same item` | 93.6 % | 0.0 % | 7.1 % |
 *
 * `npm run bench:vision` prints them for any set. A picture has 0.976 with itself, since a query gives the kind more
 * weight.
 */
const BUILTIN: Thresholds = { sameItem: 0.6, similar: 0.5 }
const IDENTICAL = 0.97
const THRESHOLDS: ReadonlyMap<string, Thresholds> = new Map([[BUILTIN_ID, BUILTIN]])

/** `null` for a model whose cosines are not calibrated. */
export function likenessOf(cosine: number, model: string): Likeness | null {
  const thresholds = THRESHOLDS.get(model)
  if (!thresholds) return null
  if (cosine >= thresholds.sameItem) return 'same item'
  return cosine >= thresholds.similar ? 'similar' : 'weak'
}

/**
 * Scales a cosine to the 0..1 of a reply: 0 for nothing in common, 0.5 where `similar` begins, 0.75 where `same item`
 * begins, 1 for the same picture, linear in between.
 */
export function similarityOf(cosine: number): number {
  const { sameItem, similar } = BUILTIN
  if (cosine <= 0) return 0
  if (cosine < similar) return (0.5 * cosine) / similar
  if (cosine < sameItem) return 0.5 + (0.25 * (cosine - similar)) / (sameItem - similar)
  return Math.min(1, 0.75 + (0.25 * (cosine - sameItem)) / (IDENTICAL - sameItem))
}
