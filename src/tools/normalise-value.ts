/** Single values as clients and models send them. A value that could mean several things is returned unchanged. */

import { withPlainDigits } from '../offers/text.ts'

/** What is sent for an optional argument that is left out: `null`, '', "null", ["null"], []. */
export function isNothing(value: unknown): boolean {
  if (value === null || value === undefined) return true
  if (Array.isArray(value)) return value.every(isNothing)
  return typeof value === 'string' && /^\s*(?:null|none|nil|undefined|<unknown>)?\s*$/i.test(value)
}

const NUMBER = /^[+-]?(?:(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?|\.\d+)$/

/** "20", " 1,000 ", "¥2.85", "20元", "500 pcs". Not "2,85", which could be two numbers. */
export function toNumber(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const plain = withPlainDigits(value.normalize('NFKC'))
    .trim()
    .replaceAll(/^(?:¥|CNY|RMB)\s*|\s*(?:¥|CNY|RMB|元|pcs|pieces?|units?|[个件只])$/gi, '')
  return NUMBER.test(plain) ? Number(plain.replaceAll(',', '')) : value
}

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  1: true,
  false: false,
  no: false,
  off: false,
  0: false,
}

export function toBoolean(value: unknown): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return value
  return BOOLEANS[String(value).trim().toLowerCase()] ?? value
}

/** "Concise", "best match". */
export function toOption(value: unknown, options: readonly unknown[]): unknown {
  if (typeof value !== 'string') return value
  const plain = value
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_')
  return options.includes(plain) ? plain : value
}

/** "reviews, sales", "reviews and sales". */
export function wordsOf(value: unknown): unknown[] {
  return typeof value === 'string' ? value.split(/\s*[,，;；、|&]\s*|\s+and\s+/i).filter(word => word !== '') : [value]
}

/** Bare numbers with anything that people put between and around them. */
const NUMBERS_ONLY = /^(?:[\d\s[\](){}"'`,;，、；|&#和]|and)*$/i

/**
 * @param separator what divides entries that come as one text: commas in a list of IDs, but lines in a list of pictures,
 * since data: URLs hold commas.
 */
export function toList(value: unknown, separator: 'commas' | 'lines'): unknown {
  if (Array.isArray(value)) {
    const isOfTexts = separator === 'commas' && value.every(item => typeof item === 'string')
    return isOfTexts ? value.flatMap(item => toList(item, separator)) : value
  }
  if (typeof value === 'object' && value !== null) return listInside(value)
  if (typeof value !== 'string') return [value]
  // Not parsed as JSON, which would lose the last digits of long numbers.
  if (separator === 'commas' && NUMBERS_ONLY.test(value)) return value.match(/\d+/g)
  if (/^\s*\[/.test(value)) {
    const parsed = jsonList(value)
    if (parsed !== null) return parsed
  }
  const lines = value.split(/[\r\n]+/)
  const pieces =
    separator === 'lines' ? lines : lines.flatMap(line => line.split(/\s*[,，;；]\s*(?=https?:|\d)|\s+(?=https?:)/))
  return pieces.map(piece => piece.replace(/^\s*[-*•]\s+/, '').trim()).filter(piece => piece !== '')
}

/** Tool calls written as XML arrive as `{"item": […]}`, lists of some languages as `{"0": …, "1": …}`. */
function listInside(value: object): unknown {
  const inside: unknown[] = Object.values(value)
  const [only] = inside
  if (inside.length > 0 && Object.keys(value).every((name, index) => name === String(index))) return inside
  return inside.length === 1 && Array.isArray(only) ? only : [value]
}

function jsonList(text: string): unknown[] | null {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : null
  } catch {
    return null
  }
}
