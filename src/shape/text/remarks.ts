import type { Remark } from '../../offers/results/results.ts'
import { type RemarkWords, sentenceOf } from './words/remark-words.ts'
import { REMARKS_EN } from './words/remarks-en.ts'

/** One line for all remarks, or `null` if there are none. Replies are in English. */
export function noteOf(remarks: readonly Remark[], words: RemarkWords = REMARKS_EN): string | null {
  if (remarks.length === 0) return null
  const sentences = remarks.map(remark => sentenceOf(words, remark.kind, remark))
  // Chinese has no blank between sentences.
  return sentences.join(' ').replaceAll('。 ', '。')
}
