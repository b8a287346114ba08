/** Reads prices as buyers and suppliers write them: with units, remarks and currencies, as ranges and as ladders. */
import type { PriceTier } from '../../../offers/price/ladder.ts'
import { type Price, parsePrice, spanPrices } from '../../../offers/price/price.ts'
import { quoted } from '../../../offers/text.ts'
import { codeOf, currenciesIn, currencyNamed } from './currency.ts'
import { type DecimalMark, plainNumbers } from './habit.ts'
import { splitPrice } from './pack-cell.ts'
import { stepsOf } from './price-steps.ts'
import type { Unit } from './unit-words.ts'

export interface PriceReading {
  /** `null` for unknown. */
  price: Price | null
  tiers: PriceTier[]
  /** Its code, such as `USD` or `CNY`; `null` if the cell names none. */
  currency: string | null
  /** What the price is for; `null` if the cell does not say. */
  unit: Unit | null
  /** Why the price is unknown although the cell is not empty. */
  problem: string | null
}

/** "Unknown" or "ask me". */
const UNKNOWN =
  /^(?:|[¥$€]?0(?:[.,]0+)?元?|-+|—+|\/|\?+|x+|n\/?a|#n\/a|null|none|nil|unknown|tb[acd]|ask|on request|to be (?:confirmed|advised)|negotiable|[面电電][议議]|询价|詢價|待定|待报价|待報價|暂无|未知|无|無|договорная|по запросу|auf anfrage|a consultar|sur demande|liên hệ|문의|応相談)$/i

/** @param around the currency of what stands around the cell, which decides what `$` and `¥` mean. */
export function readPriceCell(raw: string, mark: DecimalMark, around: string | null = null): PriceReading {
  const text = raw.normalize('NFKC').trim()
  const found = currenciesIn(text)
  const named = currencyNamed(found.named, around)
  const currency = codeOf(named)
  const none = { price: null, tiers: [], currency, unit: null, problem: null }
  const failed = (why: string): PriceReading => ({ ...none, problem: `${why}: ${quoted(raw)}` })
  if (UNKNOWN.test(text) || UNKNOWN.test(found.rest.trim())) return none
  if (named && 'problem' in named) return failed(named.problem)
  const plain = plainNumbers(withoutGroups(found.rest, currency ?? around), mark)
  if (plain === null) {
    const reading = failed('can be read in two ways')
    return { ...reading, problem: `${reading.problem} (write 1234.56, or 1,000 with another number that has decimals)` }
  }
  const steps = stepsOf(plain)
  if (steps === 'rising') return failed('has steps whose prices rise with the quantity')
  if (steps.length > 0) {
    return { ...none, price: spanPrices(steps.map(({ price }) => price)), tiers: steps.length > 1 ? steps : [] }
  }
  const { price: listed, unit, problem } = splitPrice(plain)
  if (problem !== null) return failed(problem)
  const price = parsePrice(asListed(listed))
  return price === null ? failed('could not be read') : { ...none, price, unit }
}

/** No price in these has decimals, so that a point or a comma before three digits groups them. */
const WITHOUT_DECIMALS = new Set(['VND', 'IDR', 'KRW', 'JPY', 'CLP'])

function withoutGroups(text: string, currency: string | null): string {
  const group = /(?<![\d.,])[1-9]\d{0,2}(?:[.,]\d{3})+(?![\d.,])/g
  return WITHOUT_DECIMALS.has(currency ?? '') ? text.replaceAll(group, found => found.replaceAll(/[.,]/g, '')) : text
}

/** Before a price: its name, the terms of delivery, "from". */
const BEFORE =
  /^(?:(?:price|unit price|preis|precio|prix|prezzo|fiyat|цена|giá|only|approx\.?|about|ca\.?|circa|@|≈|~|fob|exw|cif|cfr|fca|ddp|dap|出厂|离岸)(?!\p{L})\s*:?\s*(?:(?:shanghai|ningbo|shenzhen|guangzhou|yiwu|xiamen|qingdao|tianjin)(?!\p{L})\s*:?)?\s*)+/iu
const FROM = /^(?:from|ab|от|desde|à partir de|starting (?:at|from)|as low as)\s+(?=\d)/i
const EACH = /\s*(?:each|ea|apiece|up|\+|net|only)\.?$/i

/** As 1688 writes it: 3.5到5 as 3.5-5, 1.2万 as 12000, `from 5` as 5起. */
function asListed(text: string): string {
  const plain = text.trim().replace(BEFORE, '')
  const price = plain
    .replace(FROM, '')
    .replace(EACH, '')
    .replace(/(?<=\d)[.,][-–—]$/, '')
    .replace(/到/, '-')
    .replace(/(?<=\d)\s+to\s+(?=\d)/i, '-')
    .replace(/^(\d{1,5}(?:\.\d{1,4})?)\s*万$/, (_match, digits: string) => String(Math.round(Number(digits) * 10_000)))
    .trim()
  return FROM.test(plain) || /(?:up|\+)$/i.test(plain) ? `${price}起` : price
}
