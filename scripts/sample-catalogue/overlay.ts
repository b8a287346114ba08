/** Owns the marks sellers put on their pictures, drawn as shapes so that no font of the machine matters. */
import type { Random } from './random.ts'

export type Marks = 'badge' | 'ribbon' | 'text'

const SEGMENTS: readonly string[] = [
  'abcdef',
  'bc',
  'abged',
  'abgcd',
  'fgbc',
  'afgcd',
  'afgedc',
  'abc',
  'abcdefg',
  'abcdfg',
]
const LINES: Record<string, string> = {
  a: 'M0 0h8',
  b: 'M8 0v8',
  c: 'M8 8v8',
  d: 'M0 16h8',
  e: 'M0 8v8',
  f: 'M0 0v8',
  g: 'M0 8h8',
}

const digits = (text: string, x: number, y: number, fill: string): string =>
  [...text]
    .map((digit, i) => {
      const path = [...(SEGMENTS[Number(digit)] ?? '')].map(name => LINES[name] ?? '').join('')
      return `<path transform="translate(${x + i * 14} ${y})" d="${path}" stroke="${fill}" stroke-width="3" fill="none" stroke-linecap="round"/>`
    })
    .join('')

/** A block of strokes that reads as a square character without being one. */
const glyph = (x: number, y: number, size: number, fill: string, random: Random): string => {
  const at = (k: number): number => Math.round(k * size * 10) / 10
  const strokes = [`M${at(0.05)} ${at(0.2)}H${at(0.95)}`, `M${at(0.5)} 0V${at(1)}`]
  const more = [
    `M${at(0.1)} ${at(0.55)}H${at(0.9)}`,
    `M${at(0.15)} ${at(0.3)}V${at(0.95)}`,
    `M${at(0.85)} ${at(0.3)}V${at(0.95)}`,
    `M${at(0.45)} ${at(0.55)}L${at(0.05)} ${at(1)}`,
    `M${at(0.55)} ${at(0.55)}L${at(0.95)} ${at(1)}`,
    `M${at(0.1)} ${at(0.95)}H${at(0.9)}`,
    `M${at(0.2)} ${at(0.75)}H${at(0.8)}`,
  ]
  strokes.push(...random.shuffle(more).slice(0, 3))
  return `<path transform="translate(${x} ${y})" d="${strokes.join('')}" stroke="${fill}" stroke-width="${size * 0.11}" fill="none"/>`
}

const words = (count: number, x: number, y: number, size: number, fill: string, random: Random): string =>
  Array.from({ length: count }, (_, i) => glyph(x + i * size * 1.18, y, size, fill, random)).join('')

export function overlaySvg(marks: Marks, random: Random): string {
  const red = random.pick(['#d7263d', '#e4572e', '#1b6ca8', '#16897b'])
  const low = random.chance(0.5)
  const top = low ? 282 : 12
  const bodies: Record<Marks, string> = {
    badge: `<g transform="translate(286 ${top})"><circle cx="32" cy="33" r="32" fill="${red}"/><circle cx="32" cy="33" r="28" fill="none" stroke="#fff" stroke-opacity="0.7" stroke-width="1.5"/>${words(2, 17, 12, 13, '#fff', random)}${digits(String(random.int(2, 9)) + String(random.int(0, 9)), 21, 33, '#ffe9a8')}</g>`,
    ribbon: `<path d="M0 0H92L0 92Z" fill="${red}"/><g transform="rotate(-45 34 34)">${words(3, 8, 22, 14, '#fff', random)}</g>`,
    text: `<rect y="${low ? 326 : 0}" width="360" height="34" fill="${red}" fill-opacity="0.86"/>${words(5, 14, low ? 334 : 8, 17, '#fff', random)}${digits(String(random.int(10, 99)), 318, low ? 335 : 9, '#ffe9a8')}`,
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="360" height="360">${bodies[marks]}</svg>`
}
