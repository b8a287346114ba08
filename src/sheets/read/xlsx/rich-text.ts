import { type Attributes, unescapeText, type XmlHandler } from './xml.ts'

/** The most that Excel keeps in a cell. */
export const MAX_TEXT_CHARS = 32_767

/** Of a run, a shared text, an inline text and a cell. */
const BEGINNINGS = new Set(['r', 'si', 'is', 'c'])
const RAISED_DIGITS = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** What the runs of a text say: none that is struck out, and raised digits as such, since 12.5¹ is not 12.51. */
export function createRuns() {
  let isStruck = false
  let isRaised = false
  return {
    open(name: string, { val }: Attributes): void {
      if (BEGINNINGS.has(name)) isStruck = isRaised = false
      else if (name === 'strike') isStruck = val !== '0' && val !== 'false'
      else if (name === 'vertAlign') isRaised = val === 'superscript'
    },
    said: (part: string): string =>
      isStruck ? '' : isRaised ? part.replaceAll(/[0-9]/g, digit => RAISED_DIGITS.charAt(Number(digit))) : part,
  }
}

/** Emits the text of each element called `element`: its runs joined, phonetic guides left out. */
export function createTextReader(element: string, emit: (text: string) => void): XmlHandler {
  let text = ''
  let isText = false
  let isPhonetic = false
  const runs = createRuns()
  return {
    open: (name, attributes) => {
      runs.open(name, attributes)
      if (name === element) text = ''
      else if (name === 'rPh') isPhonetic = true
      else if (name === 't') isText = !isPhonetic
    },
    text: part => {
      if (isText && text.length < MAX_TEXT_CHARS) text += runs.said(part)
    },
    close: name => {
      if (name === 't') isText = false
      else if (name === 'rPh') isPhonetic = false
      else if (name === element) emit(unescapeText(text.slice(0, MAX_TEXT_CHARS)))
    },
  }
}
