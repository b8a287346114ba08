import { unescapeText, type XmlHandler } from './xml.ts'

/** The most that Excel keeps in a cell. */
export const MAX_TEXT_CHARS = 32_767

/** Emits the text of each element called `element`: its runs joined, phonetic guides left out. */
export function createTextReader(element: string, emit: (text: string) => void): XmlHandler {
  let text = ''
  let isText = false
  let isPhonetic = false
  return {
    open: name => {
      if (name === element) text = ''
      else if (name === 'rPh') isPhonetic = true
      else if (name === 't') isText = !isPhonetic
    },
    text: part => {
      if (isText && text.length < MAX_TEXT_CHARS) text += part
    },
    close: name => {
      if (name === 't') isText = false
      else if (name === 'rPh') isPhonetic = false
      else if (name === element) emit(unescapeText(text.slice(0, MAX_TEXT_CHARS)))
    },
  }
}
