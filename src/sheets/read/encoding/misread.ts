/**
 * Text that a program has read in a wrong encoding, and saved as what it then looked like: `CafÃ©`. As bytes of the wrong
 * encoding its characters are sound in the right one, which those of other text hardly ever are.
 */
import { isUsualChinese } from './characters.ts'
import { encode } from './encode.ts'
import { guessEncoding } from './legacy.ts'

/** Labels of the WHATWG Encoding Standard. */
export interface Misreading {
  readAs: string
  really: string
}

/** In which programs read what is UTF-8; the first ones have a byte for each letter. */
const ALPHABETS = ['windows-1252', 'windows-1250', 'windows-1251', 'macintosh']
const OTHERS = ['gb18030', 'shift_jis', 'big5', 'euc-kr']
/** What has no Latin letters beyond ASCII: so many in a row are of no Latin word. */
const NOT_LATIN = ['gb18030', 'shift_jis', 'big5', 'euc-kr', 'windows-1251', 'koi8-u', 'windows-1253', 'windows-874']
/** Of the characters of text that was read rightly, less than half are sound; of other text more than three quarters. */
const MIN_SOUND = 0.6
/** Different ones: fewer may be sound by chance. */
const MIN_CHARACTERS = 6
const SAMPLE_CHARS = 3000
/** Nobody writes the capitals and signs that they look like side by side. */
const WESTERN = /^[\0-\x7f\xa0-\u017f\u2010-\u2122]*$/
const BROKEN = '\uFFFD'

/** @param texts a good part of all. @returns `null` for text that was read rightly. */
export function misreadingIn(texts: readonly string[]): Misreading | null {
  const foreign = texts.filter(text => /[^\0-\x7f]/.test(text))
  const all = foreign.join('\n').slice(0, SAMPLE_CHARS)
  for (const readAs of isUsualChinese(all) ? ALPHABETS : [...ALPHABETS, ...OTHERS]) {
    const utf8 = { readAs, really: 'utf-8' }
    if (isSound(all, readAs, MIN_CHARACTERS)) return utf8
    const right = ALPHABETS.includes(readAs) ? foreign.flatMap(text => reread(text, utf8) ?? []) : []
    if (right.length > 0 && right.every(text => WESTERN.test(text))) return utf8
  }
  const runs = all.match(/[^\0-\x7f]{4,}/g)?.join('') ?? ''
  const isOther = new Set(runs).size >= MIN_CHARACTERS && runs.length * 2 > all.replaceAll(/[\0-\x7f]/g, '').length
  const bytes = isOther ? encode(all, 'windows-1252') : null
  const really = bytes && guessEncoding(bytes)
  return really !== null && NOT_LATIN.includes(really) ? { readAs: 'windows-1252', really } : null
}

/** Whether it looks like UTF-8 that was read in a wrong encoding, though letters may be lost. */
function isSound(text: string, readAs: string, minimum: number): boolean {
  const parts = [...text].map(character => encode(character, readAs) ?? Uint8Array.of(0xff))
  const read = [...new TextDecoder().decode(Buffer.concat(parts))].filter(character => character >= '\x80')
  const sound = read.filter(character => character !== BROKEN)
  return new Set(sound).size >= minimum && sound.length >= read.length * MIN_SOUND
}

/** `null` if it is not such a text, or has lost letters. */
export function reread(text: string, { readAs, really }: Misreading): string | null {
  const bytes = encode(text, readAs)
  try {
    return bytes && new TextDecoder(really, { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Whether it is such a text, but has lost letters. */
export function hasLostLetters(text: string, misreading: Misreading): boolean {
  return reread(text, misreading) === null && isSound(text, misreading.readAs, 1)
}
