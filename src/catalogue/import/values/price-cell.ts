/** Reads prices as buyers and suppliers write them: with units, remarks and currencies, as ranges and as ladders. */
import type { PriceTier } from '../../../offers/price/ladder.ts'
import { type Price, parsePrice, spanPrices } from '../../../offers/price/price.ts'
import { quoted } from '../../../offers/text.ts'
import { codeOf, currenciesIn, currencyNamed } from './currency.ts'
import { type DecimalMark, plainNumbers, plainValue } from './habit.ts'
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

/** `12元5角`, `1元2角5分`, `12块5`: tenths and hundredths of a yuan. */
const JIAO = /(?<![\d.])(\d+)(?:[元块塊](\d)[角毛](?:(\d)分?)?|[块塊](\d))(?=$|[/每(])/

/** @param around the currency of what stands around the cell, which decides what `$` and `¥` mean. */
export function readPriceCell(raw: string, mark: DecimalMark, around: string | null = null): PriceReading {
  const value = plainValue(raw)
  const text = (value ?? '').replace(JIAO, '$1.$2$3$4元').replace(/^([1-9])[角毛]$/, '0.$1元')
  const found = currenciesIn(text)
  const named = currencyNamed(found.named, around)
  const currency = codeOf(named)
  const none = { price: null, tiers: [], currency, unit: null, problem: null }
  const failed = (why: string): PriceReading => ({ ...none, problem: `${why}: ${quoted(raw)}` })
  if (value === null) return failed('is too long')
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

const TAX = '(?:vat|tax|gst|mwst|ust|iva|tva|ндс|kdv)'
/** Terms of delivery, with a port, and of taxes: they leave a price a price. */
const TERMS = [
  String.raw`(?:fob|exw|ex works|cif|cfr|cnf|fca|ddp|dap|出厂|离岸|到岸)(?!\p{L})(?:\s+(?!sample|freight|deposit|mou?ld)\p{L}+){0,2}`,
  '不?含[税运]|未税|包邮',
  String.raw`(?<!\p{L})(?:(?:incl?|inkl|including|excl?|exkl|excluding|without|zzgl|plus|sans|sin|con|без|с)\.?\s*${TAX}|${TAX}\s*(?:incl?|excl?|included|excluded)|net|netto|only|ttc|ht)(?!\p{L})\.?`,
].join('|')
/** With the name of the price. */
const BEFORE = new RegExp(
  String.raw`^(?:(?:${TERMS}|[@≈~仅]|(?:price|unit price|preis|precio|prix|prezzo|fiyat|цена|giá|approx\.?|about|ca\.?|circa)(?!\p{L}))\s*:?\s*)+`,
  'iu',
)
const AFTER = new RegExp(String.raw`\s*(?:${TERMS}|左右|上下|each|ea\.?|apiece)$`, 'iu')
const FROM = /^(?:(?:from|ab|от|desde|à partir de|starting (?:at|from)|as low as)\s+|低至|最低)(?=\d)/i
const FROM_ON = /\s*(?:up|\+|以上)$/i

/** As 1688 writes it: 3.5到5 as 3.5-5, 1.2万 as 12000, `from 5` as 5起. */
function asListed(text: string): string {
  const plain = text.trim().replace(BEFORE, '').replace(AFTER, '')
  const price = plain
    .replace(FROM, '')
    .replace(FROM_ON, '')
    .replace(/^\.(?=\d)/, '0.')
    .replace(/(?<=\d)(?:[.,][-–—]+|\/-)$/, '')
    .replace(/到/, '-')
    .replace(/(?<=\d)\s+to\s+(?=\d)/i, '-')
    .replace(/^(\d{1,5}(?:\.\d{1,4})?)\s*万$/, (_match, digits: string) => String(Math.round(Number(digits) * 10_000)))
    .trim()
  return FROM.test(plain) || FROM_ON.test(plain) ? `${price}起` : price
}
