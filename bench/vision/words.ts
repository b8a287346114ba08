/**
 * How often each word is said of a picture's own item, and of the best offer where the item is absent: each query also
 * with its photo, copies of that and everything of its style left out.
 */
import { offerKey, REFERENCE_ROWS, referenceOf } from '../../src/catalogue/ranking/reference.ts'
import type { Likeness } from '../../src/offers/results/results.ts'
import { isNothingAlike, likenessOf, sameThingCosine } from '../../src/vision/likeness.ts'
import { seededRandom } from '../../test/support/seeded-random.ts'
import { type AlteredCopy, cosineOfViews, dot, type IndexedPhoto } from './photo-sets.ts'

/** Rows from this cosine on show the same photo, saved again. */
const SAME_PHOTO = 0.97
const SIZES = [100, 200, 300, 734, 2_000, 10_000]
/** As many sellers of one product, or as an upstream returns on a page. */
const SELLERS = 20

export interface Scored {
  copy: AlteredCopy
  /** With each photo. */
  cosines: readonly number[]
}

/** An offer of the catalogue: a photo, or an altered copy of one. */
interface Offer {
  id: number
  cosine: number
  vector: Float32Array
}

const SOURCE = 'bench'

/** @param set whose copies are searched by. Its own photos alone are the last row, if there are others. */
export function wordTable(
  photos: readonly IndexedPhoto[],
  scored: readonly Scored[],
  set: number,
  model: string,
): string {
  const searches = scored.filter(({ copy }) => copy.set === set)
  const everything = photos.map((_, id) => id)
  const alone = everything.filter(id => photos[id]?.set === set)
  const rows = [...SIZES.filter(size => size < photos.length), photos.length].map(size =>
    rowOf(String(size), photos, searches, index => sampleOf(everything, size, index), model),
  )
  if (alone.length < photos.length)
    rows.push(rowOf(`${alone.length}, of this set`, photos, searches, () => alone, model))
  const head = '| offers | present: same item | same or probably | absent: same item | same or probably |'
  return [head, '|---|---|---|---|---|', ...rows].join('\n')
}

function rowOf(
  name: string,
  photos: readonly IndexedPhoto[],
  searches: readonly Scored[],
  offersFor: (search: number) => readonly number[],
  model: string,
): string {
  const [present, absent]: (Likeness | null)[][] = [[], []]
  for (const [index, search] of searches.entries()) {
    const { own } = search.copy
    const sample = offersFor(index)
    const others = withoutItem(photos, own, sample)
    present?.push(wordOf(offersOf(photos, search, [...new Set([...sample, own])]), own, model))
    absent?.push(wordOf(offersOf(photos, search, others), null, model))
  }
  const cells = [present, absent].flatMap(words => [said(words ?? [], ['same item']), said(words ?? [], MATCHES)])
  return `| ${name} | ${cells.join(' | ')} |`
}

const MATCHES: readonly Likeness[] = ['same item', 'probably the same item']

function said(words: readonly (Likeness | null)[], wanted: readonly Likeness[]): string {
  const count = words.filter(word => word !== null && wanted.includes(word)).length
  return ((100 * count) / words.length).toFixed(1)
}

/** Where one product has many sellers, who show it in photos of their own: other views of its style, and altered copies. */
export function sellersLine(photos: readonly IndexedPhoto[], scored: readonly Scored[], model: string): string | null {
  const searches = scored.filter(({ copy }) => photos[copy.own]?.style !== undefined)
  if (searches.length === 0) return null
  const stored = searches.flatMap(({ copy }) => (copy.stored ? [{ ...copy, vector: copy.stored }] : []))
  const [kept, found]: (Likeness | null)[][] = [[], []]
  for (const [index, search] of searches.entries()) {
    const { copy } = search
    const style = photos[copy.own]?.style
    const views = photos.flatMap((photo, id) => (photo.style === style && id !== copy.own ? [id] : []))
    const copies = stored.filter(other => photos[other.own]?.style === style && other.views !== copy.views)
    const picked = sampleOf(
      copies.map((_, at) => at),
      SELLERS - views.length,
      index,
    )
    const further = picked.flatMap(at => {
      const vector = copies[at]?.vector
      return vector ? [{ id: photos.length + at, vector, cosine: cosineOfViews(copy.views, vector) }] : []
    })
    const everything = photos.map((_, id) => id)
    const offers = [...offersOf(photos, search, everything), ...further]
    kept?.push(wordOf(offers, null, model))
    const page = new Set([copy.own, ...views, ...further.map(({ id }) => id)].slice(0, SELLERS).map(keyOf))
    found?.push(wordOf(offers, null, model, page))
  }
  const [inCatalogue, onPage] = [said(kept ?? [], MATCHES), said(found ?? [], MATCHES)]
  return `With ${SELLERS} further photos of the searched style among the offers, \`same item\` or \`probably the same item\` is said in ${inCatalogue} of 100 searches; with ${SELLERS} of its photos on an upstream's page, in ${onPage}.`
}

/** How often the reply would say that nothing alike is known although the item is there. */
export function nothingLine(scored: readonly Scored[], model: string): string {
  const wrong = scored.filter(({ cosines }) => isNothingAlike(Math.max(...cosines), model)).length
  return `"Nothing alike is known" was said of ${wrong} of ${scored.length} searches whose item was there.`
}

/** @param claimed the offer whose word is wanted; `null` for the best one. */
function wordOf(
  offers: readonly Offer[],
  claimed: number | null,
  model: string,
  found: ReadonlySet<string> = new Set(),
): Likeness | null {
  const nearest = offers
    .toSorted((a, b) => b.cosine - a.cosine)
    .slice(0, REFERENCE_ROWS + found.size)
    .map(offer => ({ ...offer, offerId: String(offer.id), source: SOURCE }))
  const [best] = nearest
  if (!best) return null
  const toBest = nearest.map(({ vector }) => dot(best.vector, vector))
  const reference = referenceOf(nearest, toBest, { sameThing: sameThingCosine(model), found }, offers.length)
  const cosine = claimed === null ? best.cosine : offers.find(({ id }) => id === claimed)?.cosine
  return likenessOf(cosine ?? 0, model, reference)
}

function keyOf(id: number): string {
  return offerKey({ source: SOURCE, offerId: String(id) })
}

function offersOf(photos: readonly IndexedPhoto[], { cosines }: Scored, ids: readonly number[]): Offer[] {
  return ids.flatMap(id => {
    const vector = photos[id]?.vector
    return vector ? [{ id, vector, cosine: cosines[id] ?? 0 }] : []
  })
}

function withoutItem(photos: readonly IndexedPhoto[], own: number, sample: readonly number[]): number[] {
  const item = photos[own]
  return sample.filter(id => {
    const photo = photos[id]
    if (id === own || (item?.style !== undefined && photo?.style === item.style)) return false
    return dot(photo?.vector, item?.vector) < SAME_PHOTO
  })
}

function sampleOf(ids: readonly number[], size: number, seed: number): number[] {
  const numbers = [...ids]
  if (size >= numbers.length) return numbers
  const random = seededRandom(seed)
  for (let i = 0; i < size; i++) {
    const j = i + Math.floor(random() * (numbers.length - i))
    const [a = 0, b = 0] = [numbers[i], numbers[j]]
    numbers[i] = b
    numbers[j] = a
  }
  return numbers.slice(0, Math.max(0, size))
}
