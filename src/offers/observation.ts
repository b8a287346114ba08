/** What an answer says about an offer that may change. It is kept with its date whenever it differs from the last one. */
import * as z from 'zod'
import { type OfferDetails, type OfferSummary, offerStatus } from './offer.ts'
import { priceTierSchema } from './price/ladder.ts'
import { quotedText } from './price/pack.ts'
import { priceSchema } from './price/price.ts'

/** A missing key is unknown. */
export type Observed = z.infer<typeof observedSchema>
export const observedSchema = z
  .object({
    price: priceSchema,
    priceTiers: z.array(priceTierSchema),
    /** In another currency: `1.20 USD`. */
    quoted: z.string(),
    moq: z.number(),
    /** Units available, of all variants together. */
    stock: z.number(),
    /** Units sold, as the source writes it. */
    sold: z.string(),
    status: offerStatus,
  })
  .partial()

/** The price of a search result is often the lowest of what the details list, so the two are never compared. */
export type ObservationKind = 'listing' | 'details'

/** A search result, or details. */
export type SeenOffer = OfferSummary & Partial<Pick<OfferDetails, 'skus' | 'status'>>

export interface PastObservation {
  facts: Observed
  /** When an answer last said so, milliseconds since 1970, to the day. */
  lastAt: number
}

export function kindOf({ skus }: SeenOffer): ObservationKind {
  return skus === undefined ? 'listing' : 'details'
}

export function observedOf(offer: SeenOffer): Observed {
  const { price, priceTiers, moq, skus = [], status, evidence } = offer
  const quoted = quotedText(offer)
  const stocks = skus.map(({ stock }) => stock)
  const isCounted = stocks.length > 0 && stocks.every(stock => stock !== null)
  return {
    ...(price && { price }),
    ...(priceTiers?.length ? { priceTiers } : {}),
    ...(quoted && { quoted }),
    ...(moq !== null && { moq }),
    ...(isCounted && { stock: stocks.reduce<number>((sum, stock) => sum + (stock ?? 0), 0) }),
    ...(evidence?.sold && { sold: evidence.sold.text }),
    ...(status && { status }),
  }
}

/** What is known after a newer answer: an unknown value leaves the earlier one. Price and ladder are one value. */
export function mergeObserved(earlier: Observed, newer: Observed): Observed {
  const { priceTiers, ...rest } = earlier
  const kept = newer.price === undefined && priceTiers !== undefined ? { priceTiers } : {}
  return { ...rest, ...kept, ...newer }
}

export function isSameObserved(a: Observed, b: Observed): boolean {
  // The schema puts the keys in one order.
  return JSON.stringify(observedSchema.parse(a)) === JSON.stringify(observedSchema.parse(b))
}

/** The most recent observation with another price. @param past newest first. */
export function lastOtherPrice(past: readonly PastObservation[], price: string | null): PastObservation | null {
  if (price === null) return null
  return past.find(({ facts }) => facts.price !== undefined && facts.price.text !== price) ?? null
}
