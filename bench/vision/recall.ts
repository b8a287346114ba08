/** How often the right photo comes first, and how many of the nearest are of the right kind. */
import { cosineOfViews, type IndexedPhoto, ranked } from './photo-sets.ts'
import type { Scored } from './words.ts'

interface Tally {
  all: number
  first: number
  ten: number
}

export function recallTable(scored: readonly Scored[], set: number): string {
  const tallies = new Map<string, Tally>()
  for (const { copy, cosines } of scored) {
    if (copy.set !== set) continue
    const place = ranked(cosines).indexOf(copy.own)
    for (const key of ['all', copy.transform]) {
      const tally = tallies.get(key) ?? { all: 0, first: 0, ten: 0 }
      tally.all++
      if (place === 0) tally.first++
      if (place < 10) tally.ten++
      tallies.set(key, tally)
    }
  }
  const rows = [...tallies].map(
    ([key, { all, first, ten }]) => `| ${key} | ${all} | ${percent(first, all)} | ${percent(ten, all)} |`,
  )
  return ['| alteration | searches | first | among ten |', '|---|---|---|---|', ...rows].join('\n')
}

/** Of `query` photos among `gallery` photos of one set; `null` without any. */
export function precisionLine(
  photos: readonly IndexedPhoto[],
  views: ReadonlyMap<IndexedPhoto, Float32Array[]>,
): string | null {
  let [hits, all] = [0, 0]
  for (const [photo, queryViews] of views) {
    const gallery = photos.filter(({ set, split }) => set === photo.set && split === 'gallery')
    const nearest = ranked(gallery.map(({ vector }) => cosineOfViews(queryViews, vector))).slice(0, 10)
    hits += nearest.filter(at => gallery[at]?.class === photo.class).length
    all += nearest.length
  }
  return all === 0
    ? null
    : `Of the ten nearest photos, ${percent(hits, all)} of 100 are of the class of the photo searched by.`
}

function percent(hits: number, all: number): string {
  return ((100 * hits) / all).toFixed(1)
}
