/**
 * Encodings with a byte for each letter. A wrong one turns letters of a language into letters of others, or into signs in
 * the middle of a word.
 */

export interface Score {
  /** A label of the WHATWG Encoding Standard. */
  encoding: string
  /** Up to 1. */
  score: number
}

/** Characters that are looked at, beyond ASCII. */
const MAX_CHARACTERS = 20_000
/** In a row, in a word with letters of ASCII. */
const MAX_ACCENTS = 3
/** A mixture of languages is less likely than one. */
const MIXED = 0.9
/** In any language's text. */
const SIGNS = new Set('\u00a0°²³½¼¾×®™©€£¥¢§µ±·÷–—‘’“”…•«»¡¿ªº№')
/** Of these, those that may follow a letter. */
const CLOSING = new Set('\u00a0°²³®™©€–—’”…•»ªº')
const LETTER = /\p{L}/u
const ASCII_LETTER = /[a-z]/i

/** Letters of a language beyond ASCII, the common ones of languages that others could be taken for. */
const WESTERN = [
  'àâæçéèêëîïôœùûüÿ',
  'äöüß',
  'áéíñóúü',
  'áàâçéêíóôúü',
  'àèéìíîòóùú',
  'åäöé',
  'æøåé',
  'àçéèíïóòúü',
  'áéèëïóöü',
]
const CENTRAL = ['ąćęłńóśźż', 'áčďéěíňóřšťúůýž', 'áäčďéíĺľňóôŕšťúýž', 'áéíóöőúüű', 'ăâîşţ', 'čćđšž']
const BALTIC = ['ąčęėįšųūž', 'āčēģīķļņšūž', 'äõöüšž']
const VIETNAMESE = ['àáâãèéêìíòóôõùúýăđơư\u0300\u0301\u0303\u0309\u0323']
/** Before Icelandic: its þ, ð and ý are their ş, ğ and ı. */
const TURKISH = ['çğıöşüâîûİ']
const ICELANDIC = ['áðéíóúýþæö']

/** The first of equally likely ones counts. */
const LATIN: readonly (readonly [encoding: string, languages: readonly string[]])[] = [
  ['windows-1252', WESTERN],
  ['windows-1250', CENTRAL],
  ['windows-1254', TURKISH],
  ['windows-1252', ICELANDIC],
  ['windows-1257', BALTIC],
  ['windows-1258', VIETNAMESE],
  ['iso-8859-2', CENTRAL],
  ['iso-8859-15', WESTERN],
  ['macintosh', WESTERN],
]

const CYRILLIC = 'оеаинтсрвлкмдпуі'
const GREEK = 'αοιετνσηρκπυλςμίάόέ'
/** With the letters that make up most of any text. */
const OTHERS: readonly (readonly [encoding: string, script: RegExp, frequent: string])[] = [
  ['windows-1251', /\p{Script=Cyrillic}/u, CYRILLIC],
  ['koi8-u', /\p{Script=Cyrillic}/u, CYRILLIC],
  ['ibm866', /\p{Script=Cyrillic}/u, CYRILLIC],
  ['x-mac-cyrillic', /\p{Script=Cyrillic}/u, CYRILLIC],
  ['iso-8859-5', /\p{Script=Cyrillic}/u, CYRILLIC],
  ['windows-1253', /\p{Script=Greek}/u, GREEK],
  ['iso-8859-7', /\p{Script=Greek}/u, GREEK],
  ['windows-1255', /\p{Script=Hebrew}/u, 'יוהלאמרתבשנםדקפ'],
  ['windows-1256', /\p{Script=Arabic}/u, 'اليمنوترهبدعفسةكق'],
  ['windows-874', /\p{Script=Thai}/u, 'านรกอเ่งมยลวด้ทตสบปี์ะคัแพิ'],
]

export function scoreAlphabets(bytes: Uint8Array): Score[] {
  const latin = LATIN.map(([encoding, languages]) => ({ encoding, score: scoreLatin(bytes, encoding, languages) }))
  const others = OTHERS.map(([encoding, script, frequent]) => {
    return { encoding, score: scoreScript(placesOf(bytes, encoding), script, new Set(frequent)) }
  })
  return [...latin, ...others]
}

/** A character with its neighbours. */
interface Place {
  before: string
  char: string
  after: string
  /** Whether it is alone, or one of few beside a letter of ASCII. */
  isAccent: boolean
}

/** The characters beyond ASCII. */
function placesOf(bytes: Uint8Array, encoding: string): Place[] {
  // Otherwise Node reads windows-1252 as ISO 8859-1, without € and ’.
  const text = new TextDecoder(encoding).decode(bytes, { stream: true })
  const places: Place[] = []
  for (const { index: start, 0: run } of text.matchAll(/[^\0-\x7f]+/g)) {
    const isInWord = ASCII_LETTER.test(text.charAt(start - 1)) || ASCII_LETTER.test(text.charAt(start + run.length))
    const isAccent = run.length === 1 || (isInWord && run.length <= MAX_ACCENTS)
    for (let index = start; index < start + run.length; index++) {
      places.push({ before: text.charAt(index - 1), char: text.charAt(index), after: text.charAt(index + 1), isAccent })
    }
    if (places.length >= MAX_CHARACTERS) break
  }
  return places
}

/** The share of characters that the best fitting language has. */
function scoreLatin(bytes: Uint8Array, encoding: string, languages: readonly string[]): number {
  const places = placesOf(bytes, encoding)
  const shareOf = (letters: string): number => {
    const known = new Set(letters)
    return places.filter(place => isUsual(place, known)).length
  }
  // A sheet may name goods in several languages.
  const scores = [...languages.map(shareOf), MIXED * shareOf(languages.join(''))]
  const accents = places.filter(({ isAccent }) => isAccent).length
  return places.length === 0 ? 0 : (Math.max(...scores) * accents) / places.length ** 2
}

function isUsual({ before, char, after }: Place, letters: ReadonlySet<string>): boolean {
  const isAlone = !LETTER.test(before) && !LETTER.test(after)
  if (letters.has(char) || letters.has(char.toLowerCase())) return !isCapital(char) || !(isSmall(before) || isAlone)
  // Portuguese: elsewhere they are Hungarian or Romanian letters.
  if (/õ/i.test(char)) return /e/i.test(after) && letters.has('ê')
  if (/ã/i.test(char)) return /^[oes]?$|\P{L}/iu.test(after) && letters.has('ê')
  if (!SIGNS.has(char)) return false
  return char === '’' || !LETTER.test(before) || (CLOSING.has(char) && !LETTER.test(after))
}

/** In a word of another script, no letter is next to an ASCII letter, and no capital follows a small letter. */
function scoreScript(places: readonly Place[], script: RegExp, frequent: ReadonlySet<string>): number {
  let score = 0
  for (const { before, char, after } of places) {
    if (SIGNS.has(char)) score += 0.5
    if (!script.test(char) || ASCII_LETTER.test(before) || ASCII_LETTER.test(after)) continue
    score += frequent.has(char.toLowerCase()) ? 1 : 0.25
    if (isCapital(char) && isSmall(before)) score -= 2
  }
  return places.length === 0 ? 0 : score / places.length
}

function isCapital(char: string): boolean {
  return char !== char.toLowerCase()
}

function isSmall(char: string): boolean {
  return char !== char.toUpperCase()
}
