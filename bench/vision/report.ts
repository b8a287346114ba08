/** The tables of a measurement, as Markdown. */
import { type AlteredCopy, cosineOfViews, type Half, type IndexedPhoto, isInHalf, type PhotoSet } from './photo-sets.ts'
import { precisionLine, recallTable } from './recall.ts'
import { nothingLine, type Scored, sellersLine, wordTable } from './words.ts'

/** @param half of the photos and styles, by which words are judged; `null` for all. */
export function reportOf(
  sets: readonly PhotoSet[],
  photos: readonly IndexedPhoto[],
  copies: readonly AlteredCopy[],
  byClass: ReadonlyMap<IndexedPhoto, Float32Array[]>,
  { model, half }: { model: string; half: Half | null },
): string {
  const scored: Scored[] = copies.map(copy => ({
    copy,
    cosines: photos.map(({ vector }) => cosineOfViews(copy.views, vector)),
  }))
  const judged = scored.filter(({ copy }) => half === null || isInHalf(photos[copy.own], half))
  const parts = [
    `Date: ${new Date().toISOString().slice(0, 10)}. Model: \`${model}\`. All ${photos.length} photos are searched together, by ${copies.length} altered copies.`,
    half === null
      ? null
      : `Words are those of ${judged.length} copies, of half of the photos and styles: they were fitted on the other half.`,
    ...sets.flatMap(({ title }, set) => [`${title}:`, wordTable(photos, judged, set, model)]),
    sellersLine(photos, judged, model),
    nothingLine(scored, model),
    ...sets.flatMap(({ title }, set) => [`Recall, ${title}:`, recallTable(scored, set)]),
    precisionLine(photos, byClass),
  ]
  return parts.filter(part => part !== null).join('\n\n')
}
