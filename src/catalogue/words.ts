/** Cuts titles and queries for the full-text table, so that 口罩 is found inside 一次性口罩. */

/**
 * A title for the full-text table: each Chinese character a word of its own. Words proper would not do: where one ends depends on the
 * sentence and on the version of the platform's dictionary, and a query that is cut differently from a title finds nothing.
 */
export function separateChinese(title: string): string {
  return title.normalize('NFKC').replaceAll(/\p{Script=Han}/gu, ' $& ')
}

export interface QueryWord {
  text: string
  /** Then its characters must stand in a row; others may be the beginning of a word. */
  isChinese: boolean
}

export function queryWords(text: string): QueryWord[] {
  const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })
  return [...segmenter.segment(text.normalize('NFKC'))]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => ({ text: segment, isChinese: /\p{Script=Han}/u.test(segment) }))
}

/**
 * A full-text expression of SQLite for a query: its words in any order, Chinese ones as characters in a row, others as beginnings of words.
 * @returns `null` where there is no word in the text.
 */
export function asMatchExpression(text: string): string | null {
  const terms = queryWords(text).map(word => {
    const phrase = `"${separateChinese(word.text).replaceAll('"', '').trim()}"`
    return word.isChinese ? phrase : `${phrase}*`
  })
  return terms.length === 0 ? null : terms.join(' ')
}
