import * as z from 'zod'
import { divideHalfUp, formatMillionths, toCny, toMillionths } from './decimal.ts'
import { endsOf, type Price, parsePrice } from './price.ts'

/** How a seller prices several pieces at once, where how many is known. */
export type Pack = z.infer<typeof packSchema>
export const packSchema = z.object({
  name: z.enum(['carton', 'dozen', 'box', 'pack', 'set']),
  /** Pieces in it, at least 2. */
  units: z.number(),
  /** Of the whole pack, as quoted, in the currency of the quote. */
  price: z.string(),
})

/** The seller's own price: `1.20 USD`, `24.00 USD/carton of 12`; `null` if it is in CNY or unknown. */
export function quotedText({ quoted, pack }: QuotedPrice): string | null {
  if (!quoted) return null
  return `${quoted.text} ${quoted.currency}${pack ? `/${pack.name} of ${pack.units}` : ''}`
}

/**
 * A price in another currency, in CNY and by the piece.
 * @param rate CNY for one unit of the currency, in millionths.
 * @returns `null` if it is in CNY or unknown.
 */
export function quotedInCny({ quoted, pack }: QuotedPrice, rate: bigint): Price | null {
  const price = parsePrice(quoted?.text)
  if (price === null) return null
  const pieces = BigInt(pack?.units ?? 1)
  const [low = '', high = low] = endsOf(price).map(end =>
    formatMillionths(divideHalfUp(toCny(toMillionths(Number(end)), rate), pieces)),
  )
  return { text: low === high ? low : `${low}-${high}`, min: Number(low), max: Number(high) }
}

/** As an offer has it. */
interface QuotedPrice {
  quoted?: { text: string; currency: string } | null | undefined
  pack?: Pack | null | undefined
}
