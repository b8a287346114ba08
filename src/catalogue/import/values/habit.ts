/** How a sheet writes numbers: 1.000 is a thousand in half of the world. */
import { withPlainDigits } from '../../../offers/text.ts'

/** No price and no quantity is longer; patterns that a text nearly fits take long with long ones. */
const MAX_VALUE_CHARS = 400

/** Numbers of notes, or decimals, and no digits of the number before them; m² has one. */
const RAISED = /(?<!\bm)[⁰¹²³⁴-⁹]|[①-⓿❶-➓]/gu

/** With single blanks, and digits and marks of ASCII for those of other scripts (١٢٫٥, १२); `null` if it is too long. */
export function plainValue(raw: string): string | null {
  const text = raw
    .replaceAll(RAISED, '^')
    .normalize('NFKC')
    .trim()
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ ?\n[ \n]*/g, '\n')
  if (text.length > MAX_VALUE_CHARS) return null
  return withPlainDigits(text)
    .replaceAll(/(?<=\d)٫(?=\d)/g, '.')
    .replaceAll(/(?<=\d)،(?=\d)/g, ',')
    .replaceAll(/(?<=\d)٬(?=\d)/g, '')
}

/** The mark before decimals; `both` if the sheet writes both ways, `null` if nothing in it tells. */
export type DecimalMark = '.' | ',' | 'both' | null

/** 1.234,56 or 25,5: three digits after a comma may as well be thousands. */
const COMMA_DECIMALS = /(?<![\d.,])(?:\d{1,3}(?:[. '’]\d{3})+|\d+),\d{1,2}(?![\d.,])/
const POINT_DECIMALS = /(?<![\d.,])(?:\d{1,3}(?:[, '’]\d{3})+|\d+)\.\d{1,2}(?![\d.,])/

/** @param texts prices and quantities. */
export function decimalMarkOf(texts: Iterable<string>): DecimalMark {
  const seen = new Set<DecimalMark>()
  for (const text of texts) {
    if (COMMA_DECIMALS.test(text)) seen.add(',')
    if (POINT_DECIMALS.test(text)) seen.add('.')
  }
  const [only = null] = seen
  return seen.size > 1 ? 'both' : only
}

/** The text with numbers as 1234.56; `null` if one of them can be read in two ways. */
export function plainNumbers(text: string, mark: DecimalMark): string | null {
  let isAmbiguous = false
  const plain = text
    .replaceAll(/(?<=\d)['’](?=\d{3}(?!\d))/g, ' ')
    .replaceAll(/\d[\d.,]*(?: \d{3}(?!\d)[\d.,]*)*/g, number => {
      const read = plainNumber(number, mark)
      if (read === null) isAmbiguous = true
      return read ?? number
    })
  return isAmbiguous ? null : plain
}

function plainNumber(text: string, mark: DecimalMark): string | null {
  // A comma or a point at the end belongs to the sentence.
  const [, number = '', rest = ''] = /^(.*?)([.,]*)$/.exec(text) ?? []
  const grouped = (group: string, decimal: string) =>
    new RegExp(`^\\d{1,3}(?:${group}\\d{3})+(?:${decimal}\\d+)?$`).test(number)
  if (grouped('[. ]', ',') && number.includes(',')) return number.replaceAll(/[. ]/g, '').replace(',', '.') + rest
  if (grouped('[, ]', '\\.') && number.includes('.') && /[, ]/.test(number))
    return number.replaceAll(/[, ]/g, '') + rest
  if (/^\d{1,3}(?:[.,]\d{3}){2,}$/.test(number)) return number.replaceAll(/[.,]/g, '') + rest
  if (/^\d{1,3}( \d{3})+$/.test(number)) return number.replaceAll(' ', '') + rest
  if (/^\d{1,3}[.,]\d{3}$/.test(number)) return threeDigits(number, mark, rest)
  // Lakhs, as in 1,00,000.
  if (/^\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?$/.test(number)) return number.replaceAll(',', '') + rest
  if (/^\d+,\d+$/.test(number)) return number.replace(',', '.') + rest
  return number + rest
}

/** 1.234 and 1,234. */
function threeDigits(number: string, mark: DecimalMark, rest: string): string | null {
  // 0.125 is not a thousand.
  if (number.startsWith('0')) return number.replace(',', '.') + rest
  if (mark === 'both') return null
  if (number.includes('.')) return mark === ',' ? number.replace('.', '') + rest : mark === '.' ? number + rest : null
  return mark === ',' ? null : number.replace(',', '') + rest
}
