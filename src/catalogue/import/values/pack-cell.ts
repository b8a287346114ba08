/** What a price or a minimum counts: pieces, cartons, dozens, kilograms. A dozen's price is not that of one piece. */
import type { Pack } from '../../../offers/price/pack.ts'
import { currenciesIn } from './currency.ts'
import { type Unit, type UnitKind, unitNamed, wordsFor } from './unit-words.ts'

const PIECE = String.raw`(?:(?:${wordsFor('piece')})\.?)`
const PACKS = ['carton', 'dozen', 'box', 'pack', 'set', 'pallet'] as const satisfies UnitKind[]

/** `箱`, `carton (24 pcs)`, `set of 6`, `箱/24个`, `盒(50)`. */
const PATTERNS = PACKS.map(kind => {
  const count = String.raw`(?:\s*(?:\(|of|à|[/x×*=])?\s*(\d{1,6})\s*${PIECE}?\s*\)?)?`
  return { kind, pattern: new RegExp(String.raw`^\s*(?:1\s*)?(?:${wordsFor(kind)})\.?${count}\s*$`, 'i') }
})
/** `100 pcs`, as in `per 100 pcs`. */
const PIECES = new RegExp(String.raw`^\s*(\d{1,6})\s*${PIECE}\s*$`, 'i')
/** `千个`, `1 thousand`, `100`, `1000`. */
const ROUND = new RegExp(String.raw`^\s*(\d{1,3})?\s*(百|千|万|萬|k|hundred|thousand|тыс)\.?\s*(?:${PIECE})?\s*$`, 'i')
const ROUND_SIZES: Readonly<Record<string, number>> = {
  百: 100,
  hundred: 100,
  千: 1000,
  k: 1000,
  thousand: 1000,
  тыс: 1000,
  万: 10_000,
  萬: 10_000,
}
const ROUND_NUMBER = /^\s*(100|1000|10000)\s*$/
/** `24 pcs/carton`, `24个/箱`. */
const COUNT_FIRST = new RegExp(String.raw`^\s*(\d{1,6})\s*${PIECE}?\s*(?:/|per)\s*(.+)$`, 'i')

/** @returns `null` if the text is not a known unit. */
export function unitIn(text: string): Unit | null {
  const plain = text.normalize('NFKC').trim()
  const [, first, rest] = COUNT_FIRST.exec(plain) ?? []
  if (first !== undefined && rest !== undefined) {
    const pack = PATTERNS.find(({ pattern }) => pattern.test(rest))
    return pack ? { kind: pack.kind, size: Number(first), word: rest } : null
  }
  const pieces = PIECES.exec(plain)?.[1] ?? ROUND_NUMBER.exec(plain)?.[1]
  if (pieces !== undefined) return { kind: pieces === '1' ? 'piece' : 'pack', size: Number(pieces), word: plain }
  const [, times = '1', round] = ROUND.exec(plain) ?? []
  if (round !== undefined)
    return { kind: 'pack', size: Number(times) * (ROUND_SIZES[round.toLowerCase()] ?? 1), word: plain }
  const named = unitNamed(plain)
  if (named) return named
  for (const { kind, pattern } of PATTERNS) {
    const [, size] = pattern.exec(plain) ?? []
    if (size !== undefined) return { kind, size: Number(size), word: plain }
    if (pattern.test(plain)) return unitNamed(plain.replace(/^1\s*/, ''))
  }
  return null
}

/** Of a column of units: `dozen`, `per dozen`, `USD/dozen`. */
export function unitOfText(text: string): Unit | null {
  return unitIn(currenciesIn(text).rest.replace(PER_AT_START, ''))
}

/** Whether it holds several pieces. A box, pack or set that does not say how many is the thing itself. */
export function isPack({ kind, size }: Unit): boolean {
  return size === null ? kind === 'carton' || kind === 'pallet' : size > 1
}

export function packName({ kind }: Unit): Pack['name'] {
  return kind === 'carton' || kind === 'dozen' || kind === 'box' || kind === 'set' ? kind : 'pack'
}

const PER = String.raw`(?:\/|每|за\s|(?<![\p{L}])(?:per|pro|je|por|par)(?!\p{L}))`
const PER_AT_START = new RegExp(String.raw`^\s*${PER}`, 'iu')
/** `24.00/打` and `12.50 per carton of 24`; a colon or a semicolon belongs to a ladder. */
const PRICED_BY = new RegExp(String.raw`^([^:;\n]*\d[^:;\n]*?)\s*${PER}\s*([^/:;\n]+(?:\/[^/:;\n]+)?)$`, 'iu')
const REMARK = new RegExp(String.raw`^(.*\d.*?)\s*[([【]\s*(${PER})?([^()[\]【】]*)[)\]】]$`, 'isu')
/** `2件起`, `MOQ 500`: from which quantity the price holds. */
const FROM_QUANTITY =
  /^(?:(?:moq|min\.?|minimum|≥|>=?|from|ab|от|desde)\s*:?\s*\d[\d,]*\s*\p{L}*|\d[\d,]*\s*\p{L}*\s*(?:起[批订售]?|以上|up|\+))$/iu
/** Such a remark says that the number is not the price of the goods. */
const ANOTHER_PRICE =
  /%|折|discount|off|sample|样品|样板|muster|muestra|образ|deposit|定金|mold|mould|模具|(?<!含|incl\.?\s?)(?:freight|运费)/i

export interface SplitPrice {
  price: string
  /** `null` if it names none. */
  unit: Unit | null
  problem: string | null
}

/** A price without the unit it is for, and without remarks that change nothing. */
export function splitPrice(text: string): SplitPrice {
  let price = text.normalize('NFKC').trim()
  let unit: Unit | null = null
  for (;;) {
    const by = PRICED_BY.exec(price)
    const named = by ? unitAfterPer(by[2] ?? '') : null
    if (by && named) {
      price = by[1] ?? ''
      unit = named
      continue
    }
    const [, before, per, remark = ''] = REMARK.exec(price) ?? []
    if (before === undefined) return { price, unit, problem: null }
    const ofRemark = per === undefined ? unitIn(remark) : unitAfterPer(remark)
    const isUnsure = per === undefined && ofRemark !== null && /^\s*\d/.test(remark)
    if (isUnsure || ANOTHER_PRICE.test(remark)) return { price, unit, problem: 'has a remark that changes its meaning' }
    if (ofRemark === null && /\d/.test(remark) && !FROM_QUANTITY.test(remark.trim()))
      return { price, unit, problem: null }
    price = before
    unit = ofRemark ?? unit
  }
}

/** An unknown word is kept as it is written. */
function unitAfterPer(text: string): Unit | null {
  const word = text.trim()
  return unitIn(word) ?? (/^[\p{L}. ]{1,20}$/u.test(word) ? { kind: 'piece', size: 1, word } : null)
}

/** Of a column such as `Price per carton`, `Price/dozen (USD)`, `MOQ (ctn)` or `箱价`. */
export function unitOfColumn(column: string): Unit | null {
  const plain = column.normalize('NFKC')
  const parts = plain.matchAll(/(\/|\bper\b|每|\bby\b|[([【]\s*(?:per\b|每|\/)?)\s*([^/()[\]【】,;]+)/giu)
  for (const [, sign = '', part = ''] of parts) {
    // Price (100 pcs) rather says from which quantity it holds.
    const unit = /^[([【]\s*$/.test(sign) && /^\s*\d/.test(part) ? null : unitIn(currenciesIn(part).rest)
    if (unit) return unit
  }
  const last = unitNamed(/[\s,]([\p{L}.]+)\s*$/u.exec(plain)?.[1] ?? '')
  if (last) return last
  return /箱价/.test(plain) ? { kind: 'carton', size: null, word: '箱' } : null
}

/** `48`, `48 pcs/ctn`, `24个/箱`. */
export function unitsIn(text: string): number | null {
  const [, digits] = /^\s*(\d{1,6})(?![\d.,])\s*[^\d]*$/.exec(text.normalize('NFKC')) ?? []
  const units = Number(digits ?? 0)
  return units > 1 ? units : null
}
