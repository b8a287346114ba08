/** Splits titles and queries into words, so that 口罩 is found inside 一次性口罩. */

/**
 * A title for the full-text table: each Chinese character is one word. Real words would not work: where one ends
 * depends on the sentence and on the platform's dictionary, and a query that is split differently from a title finds
 * nothing.
 */
export function separateChinese(title: string): string {
  return title.normalize('NFKC').replaceAll(/\p{Script=Han}/gu, ' $& ')
}

export interface QueryWord {
  text: string
  /** Its characters must be adjacent; any other word may be a prefix. */
  isChinese: boolean
}

export function queryWords(text: string): QueryWord[] {
  const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })
  return [...segmenter.segment(text.normalize('NFKC'))]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => ({ text: segment, isChinese: /\p{Script=Han}/u.test(segment) }))
}

/**
 * A full-text expression of SQLite: words in any order, Chinese ones as adjacent characters, others as prefixes.
 * @returns `null` if the text has no words.
 */
export function asMatchExpression(text: string): string | null {
  const terms = queryWords(text).map(word => {
    const phrase = `"${separateChinese(word.text).replaceAll('"', '').trim()}"`
    return word.isChinese ? phrase : `${phrase}*`
  })
  return terms.length === 0 ? null : terms.join(' ')
}
