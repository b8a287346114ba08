/** The picture that was searched with, and the part of it that was used. */
import { asText } from '../bridge/json.ts'
import { h } from './dom.ts'
import type { Labels } from './labels.ts'

/** Left, top, width and height in percent. */
export type Crop = readonly [number, number, number, number]

/** `null` for the whole picture, and for whatever is not a crop. */
export function cropOf(region: unknown): Crop | null {
  const numbers = (asText(region) ?? '').split(',').map(Number)
  const [left, top, width, height] = numbers
  if (left === undefined || top === undefined || width === undefined || height === undefined) return null
  return numbers.every(number => number >= 0 && number <= 100) ? [left, top, width, height] : null
}

export function queryPicture(labels: Labels, crop: Crop | null) {
  const element = h('div', { class: 'photo-used' })
  return {
    element,
    show: (src: string) => {
      element.replaceChildren(h('img', { src, alt: labels.usedPhoto }))
      if (crop === null) return
      const [left, top, width, height] = crop
      const mark = h('i')
      Object.assign(mark.style, { left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` })
      element.append(mark)
    },
  }
}
