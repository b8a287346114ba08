/**
 * How often each word is said of a picture's own item, and of the best offer where the item is absent: each query also
 * with its photo, copies of that and everything of its style left out.
 */
import { REFERENCE_ROWS, referenceOf } from '../src/catalogue/ranking/reference.ts'
import { LIKENESSES, type Likeness } from '../src/offers/results/results.ts'
import { likenessOf, sameThingCosine } from '../src/vision/likeness.ts'
import { seededRandom } from '../test/support/seeded-random.ts'

/** Rows from this cosine on show the same photo, saved again. */
const SAME_PHOTO = 0.97
const SIZES = [200, 300, 734, 2_000, 10_000]

export interface IndexedPhoto {
  /** Photos of one style are one item in several colours and views. */
  style: string | null
  /** At unit length. */
  vector: Float32Array
}

export interface ScoredQuery {
  /** The photo that was altered, as an index of the photos. */
  own: number
  /** The best cosine with each photo. */
  scores: readonly number[]
}

export function wordTable(photos: readonly IndexedPhoto[], queries: readonly ScoredQuery[], model: string): string {
  const rows = [...SIZES.filter(size => size < photos.length), photos.length].map(size => {
    const [present, absent] = [new Map<Likeness | null, number>(), new Map<Likeness | null, number>()]
    for (const [index, query] of queries.entries()) {
      const sample = sampleOf(photos.length, size, index)
      count(present, wordOf(photos, query, [...new Set([...sample, query.own])], query.own, model))
      count(absent, wordOf(photos, query, withoutItem(photos, query.own, sample), null, model))
    }
    const cells = [present, absent].flatMap(counts =>
      LIKENESSES.map(word => ((100 * (counts.get(word) ?? 0)) / queries.length).toFixed(1)),
    )
    return `| ${size} | ${cells.join(' | ')} |`
  })
  const words = LIKENESSES.map(word => `${word} |`).join(' ')
  return [`| offers | ${words} absent: ${words}`, `|---|${'---|'.repeat(2 * LIKENESSES.length)}`, ...rows].join('\n')
}

/** @param claimed the offer whose word is wanted; `null` for the best one. */
function wordOf(
  photos: readonly IndexedPhoto[],
  { scores }: ScoredQuery,
  admitted: readonly number[],
  claimed: number | null,
  model: string,
): Likeness | null {
  const nearest = admitted
    .map(id => ({ id, offerId: String(id), source: 'bench', cosine: scores[id] ?? 0 }))
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, REFERENCE_ROWS)
  const [best] = nearest
  if (!best) return null
  const toBest = nearest.map(({ id }) => dot(photos[best.id]?.vector, photos[id]?.vector))
  const sameThing = sameThingCosine(model)
  const reference = referenceOf(nearest, toBest, { sameThing, found: new Set() }, admitted.length)
  return likenessOf(claimed === null ? best.cosine : (scores[claimed] ?? 0), model, reference)
}

function withoutItem(photos: readonly IndexedPhoto[], own: number, sample: readonly number[]): number[] {
  const item = photos[own]
  return sample.filter(id => {
    const photo = photos[id]
    if (id === own || (item?.style != null && photo?.style === item.style)) return false
    return dot(photo?.vector, item?.vector) < SAME_PHOTO
  })
}

function sampleOf(all: number, size: number, seed: number): number[] {
  const numbers = Array.from({ length: all }, (_, index) => index)
  if (size >= all) return numbers
  const random = seededRandom(seed)
  for (let i = 0; i < size; i++) {
    const j = i + Math.floor(random() * (all - i))
    const [a = 0, b = 0] = [numbers[i], numbers[j]]
    numbers[i] = b
    numbers[j] = a
  }
  return numbers.slice(0, size)
}

export function dot(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (!a || !b) return 0
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}

function count(counts: Map<Likeness | null, number>, word: Likeness | null): void {
  counts.set(word, (counts.get(word) ?? 0) + 1)
}
