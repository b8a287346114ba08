import type { AppError } from '../../errors.ts'
import type { OfferSummary } from '../offer.ts'
import type { AmountRange } from '../price/money.ts'
import type { Quote } from '../quote.ts'
import type { CreditReport, Likeness, RankedOffer, Remark, SourceReport } from './results.ts'

/** An offer of a search, priced at the quantity wanted of the product. */
export interface PricedOffer extends RankedOffer {
  quote: Quote
}

/** One of the products that are looked for. */
export interface SourcedProduct {
  /** The photo as it was given, shortened, or the words. */
  query: string
  isPhoto: boolean
  /** Units; `null` for the smallest order of each offer. */
  quantity: number | null
  /** A whole page, best first. */
  offers: PricedOffer[]
  /** Likeness of the best offer. */
  best: Likeness | null
  /** What its search costs now, if only that was asked for. */
  price: number | null
  /** Why it is left for another call, if it is; `offers` are then those known without it. */
  left: AppError | null
  /** Why it cannot be found at all, for example a photo that cannot be read. */
  failed: AppError | null
  /** On this product alone. */
  remarks: Remark[]
}

/** A supplier with offers for several of the products. */
export interface SharedSupplier {
  shopId: string | null
  shopName: string | null
  /** Its best offer for each product, by the product's position. */
  covers: { product: number; offer: PricedOffer }[]
  /** Any of its offers, for place and evidence. */
  example: OfferSummary
  /** Of all its orders, in CNY without freight; `null` if a price is unknown. */
  total: AmountRange | null
}

export interface SourceManyResult {
  products: SourcedProduct[]
  /** Those that cover the most products first. */
  suppliers: SharedSupplier[]
  isDryRun: boolean
  maxCredits: number
  source: SourceReport
  credits: CreditReport
  /** On all of them. */
  remarks: Remark[]
}
