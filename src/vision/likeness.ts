/** What a cosine means to a buyer. docs/matching.md has the measured rates of each word. */
import type { Likeness } from '../offers/results/results.ts'
import { BUILTIN_ID, PREVIOUS_ID } from './builtin/id.ts'

/** How near other things in the catalogue are to the picture; see `catalogue/ranking/reference.ts`. */
export interface OtherThings {
  readonly tenth: number | null
  readonly fiftieth: number | null
  readonly others: number
}

/** A word is said from `base + perDecade * log10(others / 1000)` on. */
interface Bar {
  readonly base: number
  readonly perDecade: number
}

interface Calibration {
  /** The lowest cosines where there is too little to compare with; `null` if the word is never said. */
  readonly alone: { readonly sameItem: number | null; readonly probably: number }
  readonly similar: number
  /** Below this cosine, the product is hardly ever in the catalogue. */
  readonly nothing: number
  /** Evidence is `cosine * c + tenth * (c - c10) + fiftieth * (c - c50)`; `null` to judge by the cosine alone. */
  readonly evidence: {
    readonly cosine: number
    readonly tenth: number
    readonly fiftieth: number
    readonly sameItem: Bar
    readonly probably: Bar
  } | null
}

/** Fewer other things say too little about what is usual. */
const ENOUGH_OTHERS = 60
/** What a picture has with itself: a query gives the kind more weight. */
const IDENTICAL = 0.97

/**
 * Coefficients by logistic regression, bars by quantiles, on half of the photos of `npm run bench:vision`: altered copies
 * of a photo whose original is in the catalogue, against the same with the original left out.
 */
const BUILTIN: Calibration = {
  alone: { sameItem: 0.66, probably: 0.56 },
  similar: 0.45,
  nothing: 0.35,
  evidence: {
    cosine: 17.98,
    tenth: 27.86,
    fiftieth: -15.43,
    sameItem: { base: 16.5, perDecade: 0.4 },
    probably: { base: 15, perDecade: 0.4 },
  },
}

/** By the cosine alone `same item` was wrong too often, so it is never said. */
const PREVIOUS: Calibration = {
  alone: { sameItem: null, probably: 0.8 },
  similar: 0.5,
  nothing: 0.4,
  evidence: null,
}

const CALIBRATIONS: ReadonlyMap<string, Calibration> = new Map([
  [BUILTIN_ID, BUILTIN],
  [PREVIOUS_ID, PREVIOUS],
])

/** `null` for a model whose cosines are not calibrated. */
export function likenessOf(cosine: number, model: string, reference: OtherThings): Likeness | null {
  const calibration = CALIBRATIONS.get(model)
  if (!calibration) return null
  const { sameItem, probably } = marginsOf(cosine, calibration, reference)
  if (sameItem >= 0) return 'same item'
  if (probably >= 0) return 'probably the same item'
  return cosine >= calibration.similar ? 'similar' : 'not alike'
}

/** How far the evidence is above what each word asks. */
function marginsOf(
  cosine: number,
  { alone, evidence }: Calibration,
  { tenth, fiftieth, others }: OtherThings,
): { sameItem: number; probably: number } {
  if (!evidence || tenth === null || fiftieth === null || others < ENOUGH_OTHERS) {
    return { sameItem: cosine - (alone.sameItem ?? Number.POSITIVE_INFINITY), probably: cosine - alone.probably }
  }
  const sum = evidence.cosine * cosine + evidence.tenth * (cosine - tenth) + evidence.fiftieth * (cosine - fiftieth)
  const barOf = ({ base, perDecade }: Bar) => base + perDecade * Math.log10(others / 1000)
  return { sameItem: sum - barOf(evidence.sameItem), probably: sum - barOf(evidence.probably) }
}

/** The cosine from which two stored pictures show the same thing. */
export function sameThingCosine(model: string): number {
  return CALIBRATIONS.get(model)?.alone.sameItem ?? 1
}

/** Whether the product is hardly ever in the catalogue if this is the best cosine. */
export function isNothingAlike(cosine: number, model: string): boolean {
  return cosine < (CALIBRATIONS.get(model)?.nothing ?? -1)
}

/**
 * Scales a cosine to the 0..1 of a reply: an order, not a promise. 0 for nothing in common, 0.5 where `similar` begins,
 * 1 for the same picture, linear in between.
 */
export function similarityOf(cosine: number, model: string): number {
  const { similar } = CALIBRATIONS.get(model) ?? BUILTIN
  if (cosine <= 0) return 0
  if (cosine < similar) return (0.5 * cosine) / similar
  return Math.min(1, 0.5 + (0.5 * (cosine - similar)) / (IDENTICAL - similar))
}
