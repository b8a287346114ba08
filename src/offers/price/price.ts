import * as z from 'zod'

/** A price in CNY: the seller's text and its numbers. */
export type Price = z.infer<typeof priceSchema>
export const priceSchema = z.object({
  /** As written by the seller, cleaned: `"2.85"`, `"2.88-25.65"`. */
  text: z.string(),
  /** The lowest number in the text, in CNY. */
  min: z.number(),
  /** The highest number in the text, in CNY; equal to `min` for a single price. */
  max: z.number(),
})

/** In CNY. A larger number is a phone number or an ID. */
const HIGHEST_PRICE_CNY = 100_000_000

const NUMBER = String.raw`\d{1,9}(?:\.\d{1,8})?`
/** `起` after a price: it is the lowest of several. */
const PRICE_TEXT = new RegExp(`^(${NUMBER})(?:[-~至](${NUMBER}))?(起?)$`)

/** Names of a price in CNY, before it. */
const PRICE_NAME = /^\s*(?:(?:批发|到手|拿货|进货|代发|起批|活动|促销|券后|现|售|单|标)?价格?|人民币|约)+\s*:?/

/** Two numbers with nothing but space or a currency sign between them: which is the price is unknown. */
const TWO_NUMBERS = /\d\s*(?:[¥￥元]|CNY|RMB|\s)\s*\d/i

/** The unit that a price is for: `/件`, `/pcs`, `每个`. Details carry it in a separate field. */
const PER_UNIT = /(?:\/|每|per)[\p{L}.]{1,12}$/iu

/** Only commas between groups of three digits: dropping any other would turn 25,5 into 255. */
const GROUPING_COMMA = /(?<=\d),(?=\d{3}(?!\d))/g

/**
 * Reads a CNY price as 1688 writes it: `"2.85"`, `"2.88-25.65"`, `"￥16.50"` (full-width), `"¥16.50"`, `"1,280.00元"`,
 * `"25,5"`, `"￥3.50起"`, `"12元/件"` or a number.
 * @returns `null` for anything else: unknown stays unknown. Zero also counts as unknown: sellers use it for "ask me"
 * (面议).
 */
export function parsePrice(raw: unknown): Price | null {
  if (typeof raw !== 'string' && typeof raw !== 'number') return null
  const normal = String(raw).normalize('NFKC').replace(PRICE_NAME, '')
  if (TWO_NUMBERS.test(normal)) return null
  const text = normal
    .replaceAll(/[¥￥元\s]|CNY|RMB/gi, '')
    .replaceAll(GROUPING_COMMA, '')
    .replaceAll(/,(?=\d{1,2}(?!\d))/g, '.')
    .replaceAll(/[–—~至]/g, '-')
    .replace(PER_UNIT, '')
    .replace(/起[批售订]$/, '起')
  const match = PRICE_TEXT.exec(text)
  if (!match) return null
  const [, first = '', second = first, from = ''] = match
  const min = Math.min(Number(first), Number(second))
  const max = Math.max(Number(first), Number(second))
  if (!(min > 0) || max > HIGHEST_PRICE_CNY) return null
  return { text: min === max ? `${first}${from}` : text, min, max }
}

/** A price that spans all the given ones; `null` without any. */
export function spanPrices(prices: readonly Price[]): Price | null {
  const [first] = prices
  if (!first) return null
  const lowest = prices.reduce((a, b) => (b.min < a.min ? b : a), first)
  const highest = prices.reduce((a, b) => (b.max > a.max ? b : a), first)
  const low = endsOf(lowest)[0]
  const high = endsOf(highest)[1]
  return { text: lowest.min === highest.max ? low : `${low}-${high}`, min: lowest.min, max: highest.max }
}

/** The low and the high end as the seller wrote them. */
export function endsOf(price: Price): readonly [low: string, high: string] {
  const [first = price.text, second = first] = price.text.replace(/起$/, '').split('-')
  return Number(first) <= Number(second) ? [first, second] : [second, first]
}
