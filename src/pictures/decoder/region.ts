/** A part of a picture that a caller names. */
import { type AppError, invalidInput } from '../../errors.ts'
import { quoted } from '../../offers/text.ts'
import type { Box } from './box.ts'

/** In per cent of the upright picture. */
export interface Region {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A smaller part shows too little to be matched. */
const MIN_SIDE = 3
/** What rounding may add. */
const TOLERANCE = 0.5

/** @param text `x,y,width,height` in per cent. @throws AppError `invalid_input`. */
export function parseRegion(text: string): Region {
  const numbers = text
    .trim()
    .replace(/^\[(.*)\]$/, '$1')
    .split(/[\s,;]+/)
    .map(part => Number(/^\d{1,3}(?:\.\d{1,9})?(?=%?$)/.exec(part)?.[0] ?? Number.NaN))
  const [x = Number.NaN, y = Number.NaN, width = Number.NaN, height = Number.NaN] = numbers
  if (numbers.length !== 4 || numbers.some(Number.isNaN)) {
    throw refused(`Not a valid region: ${quoted(text)} (expected four numbers).`)
  }
  if (width < MIN_SIDE || height < MIN_SIDE) {
    throw refused(`The region ${quoted(text)} is less than ${MIN_SIDE} % wide or high.`)
  }
  if (x + width > 100 + TOLERANCE || y + height > 100 + TOLERANCE) {
    throw refused(`The region ${quoted(text)} reaches beyond the picture.`)
  }
  return { x, y, width, height }
}

export function formatRegion({ x, y, width, height }: Region): string {
  return [x, y, width, height].map(value => String(Math.round(value * 10) / 10)).join(',')
}

/** In pixels of a picture. */
export function boxOfRegion(region: Region, size: { readonly width: number; readonly height: number }): Box {
  const axis = (start: number, length: number, pixels: number) => {
    const from = Math.min(pixels - 1, Math.floor((start * pixels) / 100))
    return [from, Math.max(1, Math.min(pixels, Math.round(((start + length) * pixels) / 100)) - from)] as const
  }
  const [left, width] = axis(region.x, region.width, size.width)
  const [top, height] = axis(region.y, region.height, size.height)
  return { left, top, width, height }
}

function refused(message: string): AppError {
  return invalidInput(
    message,
    'Pass region as x,y,width,height in per cent of the picture, for example 50,0,50,100 for its right half.',
  )
}
