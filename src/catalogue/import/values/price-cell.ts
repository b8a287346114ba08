/** Reads prices as buyers and suppliers write them: with units, remarks and currencies, as ranges and as ladders. */
import { ladderOf, type PriceTier } from '../../../offers/price/ladder.ts'
import { type Price, parsePrice, spanPrices } from '../../../offers/price/price.ts'
import { quoted } from '../../../offers/text.ts'
import { type DecimalMark, plainNumbers } from './habit.ts'

export interface PriceReading {
  /** In CNY, or in `currency` if there is one; `null` for unknown. */
  price: Price | null
  tiers: PriceTier[]
  /** Of the cell, such as `USD`; `null` if it names none. */
  currency: string | null
  /** Why the price is unknown although the cell is not empty. */
  problem: string | null
}

const CURRENCIES: readonly (readonly [code: string, words: RegExp])[] = [
  ['USD', /US\s?\$|USD|美元|美金/i],
  ['HKD', /HK\s?\$|HKD|港[币元幣]/i],
  ['TWD', /NT\s?\$|TWD|台币|新台幣/i],
  ['EUR', /€|EUR|欧元|歐元/i],
  ['GBP', /£|GBP|英镑/i],
  ['JPY', /JPY|日元|日圆/i],
  ['KRW', /₩|KRW|韩元/i],
  ['INR', /₹|INR/i],
  ['RUB', /₽|RUB/i],
  ['USD', /\$/],
]

const CNY = /CN\s?[¥￥]|[¥￥]|人民币|RMB|CNY|yuan|元|块/gi

/** What a price column or cell is in: `null` for CNY, or if nothing says. */
export function currencyIn(text: string): string | null {
  // 港元 and 美元 contain 元.
  return CURRENCIES.find(([, words]) => words.test(text))?.[0] ?? null
}

export function namesCny(text: string): boolean {
  const rest = CURRENCIES.reduce((left, [, words]) => left.replace(words, ''), text)
  return new RegExp(CNY.source, 'i').test(rest)
}

/** "Unknown" or "ask me". */
const UNKNOWN =
  /^(?:|[¥￥$€]?0(?:[.,]0+)?元?|-+|—+|\/|n\/?a|#n\/a|null|none|unknown|tbd|[面电]议|询价|待定|待报价|未知|无)$/i

const UNIT = '(?:件|个|只|套|双|条|张|包|箱|盒|pcs?|pieces?|units?|sets?)'
/** `≥100件: 4.50`, `100-499: 10.00`, `500+: 9.50`, `2-99件 5`; a sign, a unit or a colon tells it from two prices. */
const STEP = new RegExp(
  String.raw`^(?:[≥>]=?\s*(\d{1,9})\s*${UNIT}?|(\d{1,9})\s*(?:-\s*\d{1,9}\s*)?(?:\+\s*${UNIT}?|${UNIT})|(\d{1,9})(?:\s*-\s*\d{1,9})?(?=\s*:))\s*(?:起|以上)?\s*[:=@]?\s*(\d{1,9}(?:\.\d{1,8})?)\s*(?:/\s*${UNIT})?$`,
  'i',
)

export function readPriceCell(raw: string, mark: DecimalMark): PriceReading {
  const text = raw.normalize('NFKC').trim()
  const currency = currencyIn(text)
  const none = { price: null, tiers: [], currency, problem: null }
  if (UNKNOWN.test(text)) return none
  if (currency !== null && namesCny(text)) return { ...none, problem: `names two currencies: ${quoted(raw)}` }
  const plain = plainNumbers(withoutCurrency(text), mark)
  if (plain === null) {
    return {
      ...none,
      problem: `can be read in two ways: ${quoted(raw)} (write 1234.56, or 1,000 with another number that has decimals)`,
    }
  }
  const tiers = stepsOf(plain)
  if (tiers.length > 0) return { ...none, price: spanPrices(tiers.map(({ price }) => price)), tiers }
  const price = parsePrice(asListed(plain))
  return price === null ? { ...none, problem: `could not be read: ${quoted(raw)}` } : { ...none, price }
}

function withoutCurrency(text: string): string {
  return CURRENCIES.reduce((left, [, words]) => left.replaceAll(new RegExp(words.source, 'gi'), ' '), text)
    .replaceAll(CNY, ' ')
    .trim()
}

function stepsOf(text: string): PriceTier[] {
  const parts = text.split(/[\n;]+/).map(part => part.trim())
  const steps = parts.filter(part => part !== '').map(part => STEP.exec(part.replaceAll(/[~–—至到]/g, '-')))
  const tiers = steps.flatMap(step => {
    const price = parsePrice(step?.[4])
    return step && price ? [{ minQuantity: Number(step[1] ?? step[2] ?? step[3]), price }] : []
  })
  return tiers.length === steps.length ? ladderOf(tiers) : []
}

/** As 1688 writes it: without remarks in brackets, 3.5到5 as 3.5-5, 1.2万 as 12000. */
function asListed(text: string): string {
  return text
    .replace(/\s*[([](?![^)\]]*\d\s*[-~])[^)\]]*[)\]]$/, '')
    .replace(/到/, '-')
    .replace(/^(\d{1,5}(?:\.\d{1,4})?)\s*万$/, (_match, digits: string) => String(Math.round(Number(digits) * 10_000)))
    .trim()
}
