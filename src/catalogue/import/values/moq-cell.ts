import { quoted } from '../../../offers/text.ts'
import { currenciesIn } from './currency.ts'
import { type DecimalMark, plainNumbers, plainValue } from './habit.ts'
import { unitIn } from './pack-cell.ts'
import { type Unit, wordsFor } from './unit-words.ts'

export interface MoqReading {
  /** In pieces, or in `unit` if there is one; `null` for unknown. */
  moq: number | null
  /** What the cell counts, if it says so and it is not pieces. */
  unit: Unit | null
  /** Whether the cell says that it counts pieces. */
  isPieces: boolean
  /** Why it is unknown although the cell is not empty. */
  problem: string | null
}

const UNKNOWN =
  /^(?:|0|-+|—+|\/|\?+|n\/?a|#n\/a|null|none|unknown|tb[acd]|no(?: moq| minimum)?|negotiable|[面电][议議]|待定|未知|无|無|不限|无起订量|ask)$/i

const SCALES: Readonly<Record<string, number>> = { 万: 10_000, 萬: 10_000, 千: 1_000, k: 1_000, w: 10_000, тыс: 1_000 }

const PACK_WORDS = `(?:${(['carton', 'box', 'pack', 'set'] as const).map(wordsFor).join('|')})`
/** `1箱(24件)`, `1 ctn = 24 pcs`, `2 cartons of 12 pcs`, `3箱×24`, `10箱起（每箱24件）`: cartons of so many. */
const PACKED = new RegExp(
  String.raw`^(\d{1,6})\s*${PACK_WORDS}\.?\s*(?:起[批订售]?)?\s*(\(?每${PACK_WORDS}|[(=/]|of\s*|[x×*@]\s*|(?=\d))\s*(\d{1,6})\s*(?:(?:${wordsFor('piece')})\.?(\s*(?:/|per|each)\s*[\p{L}.]+)?)?\s*\)?$`,
  'iu',
)

/** A quantity, its scale, the end of a range, and the words after it. */
const QUANTITY =
  /^([^\d-]{0,20}?)(\d{1,9}(?:\.\d{1,2})?)\s*(万|萬|千|k(?![gs])|w|тыс\.?)?(?![\d.])(?:\s*(?:[-~–—至到]|to)\s*\d{1,9}\s*(?:万|萬|千|k|w)?)?\s*(\/?[^\d万萬-]{0,24}?)(?:$|(?<=起批|起订|起售|起|,|;|\s|\()\d.*)$/isu

/** The quantity is the most, or no minimum of goods. */
const OTHER_LIMIT = /[≤<]|max|most|up to|under|below|less|最多|不超过|以[内下]|до(?!\p{L})|bis(?!\p{L})|hasta/iu
/** Words that leave a quantity what it is. */
const REMARKS =
  /[()+:≥>=~约]|代发|可?混[批色码款搭]|(?:最[低少小])?起[批订售订][量数]?|起|最[低少小]|不少于|[每各][款色种]|以上|数量|최소|이상|から|tối thiểu|a partir de|à partir de|(?<!\p{L})(?:at least|not less than|or more|and up|up|min(?:imum)?|mind|mix(?:ed)?(?: colou?rs?| sizes?| designs?)?|moq|order|of|qty|quantity|about|approx|ca|each|every|ab|mindestens|mín(?:imo)?|desde|от|мин|from|en az)\.?(?!\p{L})/giu
/** `100 per colour` is a minimum of 100 for one thing. */
const EACH_VARIANT =
  /(?:\s*(?:\/|per|each|每|pro|por|par|за)\s*(?:colou?r|design|style|model|sku|size|item|款|色|颜色|型号|款式|尺码|order|订单|单|farbe|couleur)s?)+\s*$/iu
/** `48/箱` is how many are in one. */
const PER_PACK = new RegExp(String.raw`^\s*/\s*(?!${wordsFor('piece')})`, 'iu')

/** `2件起批`, `1,000 pcs`, `1箱(24件)`. */
export function readMoqCell(raw: string, mark: DecimalMark): MoqReading {
  const none = { moq: null, unit: null, isPieces: false, problem: null }
  const failed = (why: string): MoqReading => ({ ...none, problem: why })
  const value = plainValue(raw)
  if (value === null) return failed(`is too long: ${quoted(raw)}`)
  // 块 counts pieces here, of soap and the like.
  const text = value.replaceAll(/[块塊]/g, '件').replace(/^(?:一(?=\p{L})|(?:one|single)(?=\s))/iu, '1')
  if (UNKNOWN.test(text)) return none
  if (currenciesIn(text).named.size > 0) return failed(`is an amount of money: ${quoted(raw)}`)
  const plain = plainQuantity(text, mark)
  if (plain === null) return failed(`can be read in two ways: ${quoted(raw)} (write 1000 or 1,000)`)
  const read = packsIn(plain) ?? quantityIn(plain)
  if (read === 'unsure') return failed(`can be read in two ways: ${quoted(raw)}`)
  if (read !== null && Number.isInteger(read.moq) && read.moq >= 1) return { ...none, ...read }
  return failed(`could not be read: ${quoted(raw)} (expected a whole number)`)
}

/** A quantity is whole, so that a comma before three digits groups them. */
function plainQuantity(text: string, mark: DecimalMark): string | null {
  const ungrouped = text.replaceAll(/(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d.,])/g, number => number.replaceAll(',', ''))
  return plainNumbers(ungrouped, mark)
}

type Quantity = Pick<MoqReading, 'unit' | 'isPieces'> & { moq: number }

function packsIn(text: string): Quantity | 'unsure' | null {
  const [, packs, joined, units, each] = PACKED.exec(text) ?? []
  if (packs === undefined || units === undefined) return null
  // 2 cartons (48 pcs) are 48 pieces or 96.
  if (/^[(=/]?$/.test(joined ?? '') && packs !== '1' && each === undefined) return 'unsure'
  return { moq: Number(packs) * Number(units), unit: null, isPieces: true }
}

function quantityIn(text: string): Quantity | null {
  const [, before = '', digits, scale = '', after = ''] = QUANTITY.exec(text) ?? []
  const rest = after.replace(EACH_VARIANT, '')
  if (digits === undefined || OTHER_LIMIT.test(before) || OTHER_LIMIT.test(after) || PER_PACK.test(rest)) return null
  const moq = Math.round(Number(digits) * (SCALES[scale.toLowerCase().replace('.', '')] ?? 1) * 100) / 100
  const words = [before, rest].map(withoutRemarks).filter(word => word !== '')
  const [word, other] = words
  if (word === undefined) return { moq, unit: null, isPieces: false }
  const unit = other === undefined ? unitIn(word) : null
  if (unit === null) return null
  return unit.size === null ? { moq, unit, isPieces: false } : { moq: moq * unit.size, unit: null, isPieces: true }
}

function withoutRemarks(words: string): string {
  return words
    .replaceAll(REMARKS, ' ')
    .replaceAll(/[\s,;/.]+/g, ' ')
    .trim()
}
