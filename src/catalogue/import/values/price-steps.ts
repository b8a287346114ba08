/** Ladders in one cell: `≥100件: 4.50`, `100-499: 10.00; 500+: 9.50`, `ab 100 Stk. 2.50`, `2.50 (100-499), 2.30 (500+)`. */
import { ladderOf, type PriceTier } from '../../../offers/price/ladder.ts'
import { parsePrice } from '../../../offers/price/price.ts'
import { wordsFor } from './unit-words.ts'

const UNIT = `(?:(?:${wordsFor('piece')}|${wordsFor('set')})\\.?)`
const QUANTITY = String.raw`\d{1,9}\s*(?:k(?!g)|千|万)?`
const FROM = String.raw`[≥>]=?|满|(?:moq|min\.?|from|ab|от|desde|da|à partir de)(?=[\s:])\s*:?`
const UP_TO = String.raw`[≤<]=?|(?:up to|below|under|bis|до|hasta)(?=\s)`
const AND_MORE = String.raw`\+(?!\d)|起[批订售]?|以上|이상|(?:and |& )?up|or more`
/** How many; what of it says so is what tells a step from two prices. */
const HOW_MANY = String.raw`(?:(?<from>${FROM})|(?<upTo>${UP_TO}))?\s*(?<quantity>${QUANTITY})\s*(?<range>-\s*(?:${QUANTITY})?)?\s*(?<unit>${UNIT})?\s*(?<more>${AND_MORE})?\s*${UNIT}?`
const PRICE = String.raw`(?<!\d)(?<price>\d{1,9}(?:\.\d{1,8})?)\s*(?:/\s*${UNIT})?`
const STEP = new RegExp(String.raw`^${HOW_MANY}\s*(?:(?<mark>[:@→]|=>?)|-)?\s*${PRICE}$`, 'iu')
const PRICE_FIRST = new RegExp(String.raw`^${PRICE}\s*(?<mark>[(@])\s*${HOW_MANY}\s*\)?$`, 'iu')

/** Between two steps; a comma or a space only where a quantity with its sign or unit follows. */
const NEXT = String.raw`(?=\s*(?:${FROM}|${UP_TO}|${QUANTITY}\s*(?:-\s*${QUANTITY}|\+|:|@|=|→|${UNIT}\s*[^\s\d.,/])))`
const BETWEEN_STEPS = new RegExp(String.raw`[\n;|]+|[,/、]${NEXT}|(?<=\)),|(?<=\d)\s+(?!-)${NEXT}`, 'iu')

/**
 * None if the text is no ladder. Prices that rise with the quantity, or bare numbers that fall, are rather quantities
 * and prices the other way round.
 */
export function stepsOf(text: string): PriceTier[] | 'rising' {
  const parts = text.replaceAll(/[~–—至到]/g, '-').split(BETWEEN_STEPS)
  const steps = parts.map(part => part.trim()).flatMap(part => (part === '' ? [] : [stepIn(part)]))
  const tiers = steps.flatMap(step => (step === null ? [] : [step]))
  if (tiers.length < steps.length) return []
  const ladder = tiers.length === 1 && tiers[0]?.isFrom ? tiers : ladderOf(tiers)
  const isFalling = tiers.every(({ isBare }) => isBare) && ladder[0] !== tiers[0]
  if (isRising(ladder) || (ladder.length > 0 && isFalling)) return 'rising'
  return ladder.map(({ minQuantity, price }) => ({ minQuantity, price }))
}

export function isRising(ladder: readonly PriceTier[]): boolean {
  return ladder.some(({ price }, index) => price.max > (ladder[index - 1]?.price.max ?? price.max))
}

interface Step extends PriceTier {
  /** Whether only a mark stands between the two numbers. */
  isBare: boolean
  /** Whether the price is one from the quantity on, and not that of so many. */
  isFrom: boolean
}

function stepIn(part: string): Step | null {
  const first = STEP.exec(part)?.groups
  const found = first ?? PRICE_FIRST.exec(part)?.groups
  const price = parsePrice(found?.price)
  if (!found || price === null) return null
  const { from, upTo, quantity = '', range, unit, more, mark } = found
  const isBare = (from ?? upTo ?? unit ?? more) === undefined
  if (isBare && mark === undefined) return null
  // 120 (24 pcs) rather is the price of so many.
  const isFrom =
    first !== undefined &&
    ((from ?? more) !== undefined || (unit !== undefined && (range ?? mark) !== undefined && mark !== '='))
  return { minQuantity: upTo === undefined ? countOf(quantity) : 1, price, isBare, isFrom }
}

function countOf(quantity: string): number {
  return Number(/\d+/.exec(quantity)?.[0]) * (/万/.test(quantity) ? 10_000 : /[k千]/i.test(quantity) ? 1000 : 1)
}
