/** The pictures that were searched with, the part that was used, and the way to another one. */
import { asText } from '../bridge/json.ts'
import { h } from './dom.ts'
import type { Labels } from './labels.ts'

const SIDES = ['left', 'top', 'width', 'height']

/** Left, top, width and height in percent; `null` for the whole picture, and for whatever is not a crop. */
export function cropOf(region: unknown): readonly number[] | null {
  const numbers = (asText(region) ?? '').split(',').map(Number)
  return numbers.length === SIDES.length && numbers.every(number => number >= 0 && number <= 100) ? numbers : null
}

/** @param another opens the picker; `null` where there is none. */
export function queryPicture(labels: Labels, crop: readonly number[] | null, another: HTMLElement | null) {
  const pictures = h('div', { class: 'photo-used' })
  return {
    element: h('div', { class: 'again' }, pictures, another),
    show: (...sources: readonly string[]) => {
      pictures.replaceChildren(...sources.map(src => h('img', { src, alt: labels.usedPhoto })))
      if (crop === null) return
      const mark = h('i')
      for (const [index, side] of SIDES.entries()) mark.style.setProperty(side, `${crop[index]}%`)
      pictures.append(mark)
    },
    /** No picture will come. */
    omit: () => pictures.remove(),
  }
}
