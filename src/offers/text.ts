/** Cleans listing text: third-party strings become one plain line of limited length. */

/** In characters. */
export const TITLE_MAX_CHARS = 120

/** Of shop, place and variant, in characters. */
export const FIELD_MAX_CHARS = 80

/**
 * Control, format and default-ignorable characters (zero-width, bidirectional, tags, variation selectors, blank
 * fillers), private use and unpaired surrogates: they can hide instructions from a person but not from a model.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]/gu

/** Line breaks of every kind become a space. */
const LINE_BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g

/**
 * Removes markup tags and hidden characters, normalises to NFKC, collapses white space and cuts at `maxChars` code
 * points.
 * @returns `null` if nothing is left or the value is not a string: unknown stays unknown.
 */
export function cleanText(raw: unknown, maxChars: number): string | null {
  if (typeof raw !== 'string') return null
  const line = raw
    .slice(0, maxChars * 20)
    .replaceAll(/<\/?(?:font|b|em|strong|i|span|br)\b[^<>]*>/gi, '')
    .normalize('NFKC')
    .replaceAll(LINE_BREAKS, ' ')
    .replaceAll(HIDDEN, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  if (line === '') return null
  const characters = [...line]
  return characters.length <= maxChars ? line : `${characters.slice(0, maxChars - 1).join('')}…`
}

const QUOTED_MAX_CHARS = 60

/** A caller's value for an error message, as it is: a hidden character shows as an escape, what is cut off as `…`. */
export function quoted(value = ''): string {
  let shown = ''
  for (const character of value) {
    if (shown.length >= QUOTED_MAX_CHARS) return `"${shown}…"`
    shown += VISIBLE.test(character) ? JSON.stringify(character).slice(1, -1) : escaped(character)
  }
  return `"${shown}"`
}

/** In one line; JSON escapes the breaks that it allows here. */
const VISIBLE = /^(?:[\t\n\r]|[^\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}])$/u

function escaped(character: string): string {
  return character.replaceAll(/./gs, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** With 0 to 9 for the digits of any script. */
export function withPlainDigits(text: string): string {
  return text.replaceAll(/(?![0-9])\p{Nd}/gu, digit => String(digitValue(digit)))
}

/** Unicode has the digits of a script in a row of ten, of which the first is 0. */
function digitValue(digit: string): number {
  let value = 0
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint((digit.codePointAt(0) ?? 0) - value - 1))) value++
  return value
}
