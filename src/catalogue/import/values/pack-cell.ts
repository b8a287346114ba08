/** What a price is for: a carton, a dozen, a set. A price for several pieces is not the price of one. */
import type { Pack } from '../../../offers/price/pack.ts'

export interface PackReading {
  name: Pack['name']
  /** `null` for unknown. */
  units: number | null
}

const PIECE = '(?:件|个|個|只|支|条|张|片|pcs?|pieces?|units?)'
const WORDS: readonly (readonly [name: Pack['name'], words: string])[] = [
  ['carton', '箱|件箱|cartons?|ctns?|cases?'],
  ['dozen', '打|dozens?|doz|dz'],
  ['box', '盒|box(?:es)?'],
  ['pack', '包|袋|packs?|bags?'],
  ['set', '套|sets?'],
]

/** `箱`, `carton (24 pcs)`, `set of 6`, `箱/24个`, `盒(50)`. */
const PATTERNS = WORDS.map(([name, words]) => {
  const count = String.raw`(?:\s*(?:\(|of|[/x×*=])?\s*(\d{1,6})\s*${PIECE}?\s*\)?)?`
  return { name, pattern: new RegExp(String.raw`^\s*(?:1\s*)?(?:${words})${count}\s*$`, 'i') }
})
/** `100 pcs`, as in `per 100 pcs`. */
const PIECES = new RegExp(String.raw`^\s*(\d{1,6})\s*${PIECE}\s*$`, 'i')
/** `24 pcs/carton`, `24个/箱`. */
const COUNT_FIRST = new RegExp(String.raw`^\s*(\d{1,6})\s*${PIECE}?\s*(?:/|per)\s*(.+)$`, 'i')

/** @returns `null` for a piece, and for a box, pack or set that does not say what is in it: that is the thing itself. */
export function packIn(text: string): PackReading | null {
  const plain = text.normalize('NFKC')
  const [, first, rest] = COUNT_FIRST.exec(plain) ?? []
  if (first !== undefined && rest !== undefined) {
    const pack = PATTERNS.find(({ pattern }) => pattern.test(rest))
    return pack ? sized(pack.name, Number(first)) : null
  }
  const pieces = PIECES.exec(plain)?.[1]
  if (pieces !== undefined) return sized('pack', Number(pieces))
  for (const { name, pattern } of PATTERNS) {
    const found = pattern.exec(plain)
    if (found) return sized(name, found[1] === undefined ? null : Number(found[1]))
  }
  return null
}

function sized(name: Pack['name'], given: number | null): PackReading | null {
  const units = given ?? (name === 'dozen' ? 12 : null)
  if (units === null) return name === 'carton' ? { name, units } : null
  return units > 1 ? { name, units } : null
}

/** `24.00/打` and `12.50 per carton of 24`; a colon or a semicolon belongs to a ladder. */
const PRICED_BY = /^([^:;\n]*\d[^:;\n]*?)\s*(?:\/|\bper\b|每)\s*([^/:;\n]+(?:\/[^/:;\n]+)?)$/i

/** A price without the pack it is for. */
export function splitPrice(text: string): { price: string; pack: PackReading | null } {
  const [, price, unit] = PRICED_BY.exec(text.normalize('NFKC').trim()) ?? []
  const pack = unit === undefined ? null : packIn(unit)
  return price === undefined || pack === null ? { price: text, pack: null } : { price, pack }
}

/** Of a column such as `Price per carton`, `Price/dozen (USD)` or `箱价`. */
export function packOfColumn(column: string): PackReading | null {
  const plain = column.normalize('NFKC')
  const [, unit] = /(?:\/|\bper\b|每|by)\s*([^/()]+|\d+\s*\S+)/i.exec(plain) ?? []
  return packIn(unit ?? '') ?? (/箱价/.test(plain) ? { name: 'carton', units: null } : null)
}

/** `48`, `48 pcs/ctn`, `24个/箱`. */
export function unitsIn(text: string): number | null {
  const [, digits] = /^\s*(\d{1,6})(?![\d.,])\s*[^\d]*$/.exec(text.normalize('NFKC')) ?? []
  const units = Number(digits ?? 0)
  return units > 1 ? units : null
}
