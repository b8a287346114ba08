/** Titles and queries for PostgreSQL's full-text search, split as on SQLite (../words.ts). */
import { queryWords } from '../words.ts'

/** The words of a title with their positions, as the text of a `tsvector`. */
export function asTsvector(title: string): string {
  return cut(title)
    .map((word, index) => `'${word}':${index + 1}`)
    .join(' ')
}

/**
 * The text of a `tsquery`: words in any order, Chinese ones as adjacent characters, others as prefixes.
 * @returns `null` if the text has no words.
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

/**
 * Each Chinese character is one word, and so is each run of other letters and digits; case, width and accents are
 * ignored.
 */
function cut(text: string): string[] {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').normalize('NFKC').toLowerCase()
  return plain.match(/\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu) ?? []
}
