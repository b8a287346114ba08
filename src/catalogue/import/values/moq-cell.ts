import { GROUPING_COMMA } from '../../../offers/price/price.ts'
import { quoted } from '../../../offers/text.ts'
import { type DecimalMark, plainNumbers } from './habit.ts'

export interface MoqReading {
  /** In pieces; `null` for unknown. */
  moq: number | null
  /** Why it is unknown although the cell is not empty. */
  problem: string | null
}

const UNKNOWN = /^(?:|0|-+|—+|\/|n\/?a|#n\/a|null|none|unknown|tbd|待定|未知|无)$/i

const SCALES: Readonly<Record<string, number>> = { 万: 10_000, 萬: 10_000, 千: 1_000, k: 1_000, w: 10_000 }

/** `1箱(24件)`, `2 cartons of 12 pcs`: cartons of so many. */
const PACKED =
  /^(\d{1,6})\s*(?:箱|包|盒|袋|cartons?|boxes|box|packs?|cases?)\s*(?:\(|of\s*|[x×*]\s*)\s*(\d{1,6})\s*(?:件|个|只|pcs?|pieces?)?\s*\)?$/i

/** `1打`, `2 dozen`. */
const DOZENS = /^(\d{1,6})\s*(?:打|dozens?)$/i

/** `2`, `≥2`, `2件起批`, `1,000 pcs`, `50-100`, `1万`, `2K`. What follows the first quantity may be another condition. */
const PLAIN =
  /^[^\d.-]{0,6}(\d{1,9}(?:\.\d{1,2})?)\s*(万|萬|千|k|w)?(?![\d.])(?:\s*[-~–—至到]\s*\d{1,9})?([^\d.万萬-]{0,12})(?:$|(?<=起批|起订|起售|起|,|;|\s)\d)/i

/** `2件起批`, `1,000 pcs`, `1箱(24件)`. */
export function readMoqCell(raw: string, mark: DecimalMark): MoqReading {
  const text = raw.normalize('NFKC').trim()
  if (UNKNOWN.test(text)) return { moq: null, problem: null }
  // A quantity is whole, so that a comma before three digits groups them.
  const plain = plainNumbers(text.replaceAll(GROUPING_COMMA, ''), mark)
  if (plain === null) return { moq: null, problem: `can be read in two ways: ${quoted(raw)} (write 1000 or 1,000)` }
  const moq = piecesIn(plain)
  return moq !== null && Number.isInteger(moq) && moq >= 1
    ? { moq, problem: null }
    : { moq: null, problem: `could not be read: ${quoted(raw)} (expected a whole number)` }
}

function piecesIn(text: string): number | null {
  const packed = PACKED.exec(text)
  if (packed) return Number(packed[1]) * Number(packed[2])
  const dozens = DOZENS.exec(text)
  if (dozens) return Number(dozens[1]) * 12
  const [, digits, scale = ''] = PLAIN.exec(text) ?? []
  return digits === undefined ? null : Math.round(Number(digits) * (SCALES[scale.toLowerCase()] ?? 1) * 100) / 100
}
