/** A box over the photo: what is in it is searched with. It is drawn, moved and resized by pointer or arrow keys. */
import { h } from '../parts/dom.ts'
import { type Crop, WHOLE } from './photo.ts'

/** Smaller boxes are a slip of the finger. */
const MIN_PART = 0.05

/** How far an arrow key moves the box, or its lower right corner. */
const STEP = 0.02

const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
}

export interface CropBox {
  readonly element: HTMLElement
  readonly crop: Crop
  set(crop: Crop): void
}

interface Point {
  x: number
  y: number
}

/** @param photo what the box is drawn over. */
export function createCropBox(photo: HTMLCanvasElement, label: string): CropBox {
  // From the left upper to the right lower one.
  const corners = Array.from({ length: 4 }, () => h('i'))
  const box = h('div', { class: 'crop', tabindex: 0, role: 'application', 'aria-label': label }, ...corners)
  const element = h('div', { class: 'photo' }, photo, box)
  let crop = WHOLE
  /** What the box becomes when the pointer is there. */
  let drag: ((to: Point) => Crop | null) | null = null

  const set = (next: Crop) => {
    crop = next
    const { left, top, width, height } = crop
    for (const [name, part] of Object.entries({ left, top, width, height })) {
      box.style.setProperty(name, `${part * 100}%`)
    }
  }
  const pointOf = (event: PointerEvent): Point => {
    const { left, top, width, height } = photo.getBoundingClientRect()
    return { x: within((event.clientX - left) / width, 1), y: within((event.clientY - top) / height, 1) }
  }
  const dragFrom = (target: EventTarget | null, from: Point): typeof drag => {
    const before = crop
    const corner = target instanceof HTMLElement ? corners.indexOf(target) : -1
    if (corner !== -1) {
      const anchor = {
        x: before.left + (corner % 2 === 0 ? before.width : 0),
        y: before.top + (corner < 2 ? before.height : 0),
      }
      return to => between(anchor, to)
    }
    const isMove = target === box && before !== WHOLE
    return to => (isMove ? moved(before, to.x - from.x, to.y - from.y) : between(from, to))
  }
  const follow = (event: PointerEvent) => {
    const next = drag?.(pointOf(event))
    if (next) set(next)
  }
  element.addEventListener('pointerdown', event => {
    drag = dragFrom(event.target, pointOf(event))
    element.setPointerCapture(event.pointerId)
  })
  element.addEventListener('pointermove', follow)
  element.addEventListener('pointerup', event => {
    follow(event)
    drag = null
  })
  element.addEventListener('pointercancel', () => {
    drag = null
  })
  box.addEventListener('keydown', event => {
    const step = ARROWS[event.key]
    if (step === undefined) return
    event.preventDefault()
    set((event.shiftKey ? resized : moved)(crop, ...step))
  })
  return {
    element,
    get crop() {
      return crop
    },
    set,
  }
}

function within(value: number, most: number, least = 0): number {
  return Math.min(most, Math.max(least, value))
}

/** `null` if that is too small. */
function between(from: Point, to: Point): Crop | null {
  const [width, height] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)]
  if (width < MIN_PART || height < MIN_PART) return null
  return { left: Math.min(from.x, to.x), top: Math.min(from.y, to.y), width, height }
}

function moved(crop: Crop, x: number, y: number): Crop {
  return { ...crop, left: within(crop.left + x, 1 - crop.width), top: within(crop.top + y, 1 - crop.height) }
}

function resized(crop: Crop, x: number, y: number): Crop {
  return {
    ...crop,
    width: within(crop.width + x, 1 - crop.left, MIN_PART),
    height: within(crop.height + y, 1 - crop.top, MIN_PART),
  }
}
