/** Titles and queries as PostgreSQL's full-text search takes them; they are cut as on SQLite (../words.ts). */
import { queryWords } from '../words.ts'

/** The words of a title with their places, as the text of a `tsvector`. */
export function asTsvector(title: string): string {
  return cut(title)
    .map((word, index) => `'${word}':${index + 1}`)
    .join(' ')
}

/**
 * A query as the text of a `tsquery`: its words in any order, Chinese ones as characters in a row, others as beginnings of words.
 * @returns `null` where there is no word in the text.
 */
export function asTsquery(text: string): string | null {
  const terms = queryWords(text).flatMap(({ text: word, isChinese }) => {
    const parts = cut(word)
    const last = parts.at(-1)
    if (last === undefined) return []
    const phrase = [...parts.slice(0, -1).map(part => `'${part}'`), isChinese ? `'${last}'` : `'${last}':*`]
    return [`(${phrase.join(' <-> ')})`]
  })
  return terms.length === 0 ? null : terms.join(' & ')
}

/** Each Chinese character is a word of its own, so is each row of other letters and digits; case, width and accents do not matter. */
function cut(text: string): string[] {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').normalize('NFKC').toLowerCase()
  return plain.match(/\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu) ?? []
}
