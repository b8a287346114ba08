/** A box that a person drags over the photo to keep a part of it. */
import { h } from '../parts/dom.ts'
import { type Crop, WHOLE } from './photo.ts'

/** Smaller boxes are a slip of the finger. */
const MIN_PART = 0.05

export interface CropBox {
  readonly element: HTMLElement
  readonly crop: Crop
  reset(): void
}

/** @param photo what the box is drawn over. */
export function createCropBox(photo: HTMLCanvasElement): CropBox {
  const box = h('div', { class: 'crop', hidden: true })
  const element = h('div', { class: 'photo' }, photo, box)
  let crop = WHOLE
  let start: { x: number; y: number } | null = null

  const pointOf = (event: PointerEvent) => {
    const { left, top, width, height } = photo.getBoundingClientRect()
    const within = (value: number) => Math.min(1, Math.max(0, value))
    return { x: within((event.clientX - left) / width), y: within((event.clientY - top) / height) }
  }
  const show = () => {
    box.hidden = crop === WHOLE
    const { left, top, width, height } = crop
    for (const [name, part] of Object.entries({ left, top, width, height })) {
      box.style.setProperty(name, `${part * 100}%`)
    }
  }
  const drag = (event: PointerEvent) => {
    if (start === null) return
    const { x, y } = pointOf(event)
    const [width, height] = [Math.abs(x - start.x), Math.abs(y - start.y)]
    const isBox = width >= MIN_PART && height >= MIN_PART
    crop = isBox ? { left: Math.min(x, start.x), top: Math.min(y, start.y), width, height } : WHOLE
    show()
  }
  element.addEventListener('pointerdown', event => {
    start = pointOf(event)
    element.setPointerCapture(event.pointerId)
  })
  element.addEventListener('pointermove', drag)
  element.addEventListener('pointerup', event => {
    drag(event)
    start = null
  })
  return {
    element,
    get crop() {
      return crop
    },
    reset() {
      crop = WHOLE
      show()
    },
  }
}
