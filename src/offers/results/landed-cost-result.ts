import type { OfferDetails, Packaging } from '../offer.ts'
import type { Quote } from '../quote.ts'
import type { CompareFailure } from './comparison-result.ts'
import type { CreditReport, Remark, SourceReport } from './results.ts'

/** Hundredths of a yuan. */
export type Fen = bigint

/** Equal ends for a single amount. */
export interface FenRange {
  low: Fen
  high: Fen
}

/**
 * Where a figure comes from: the listing, the upstream's own estimate, an argument of the call, the user's settings
 * file, the operator's (over HTTP), or a source of exchange rates.
 */
export type FigureOrigin =
  | 'listing'
  | 'upstream'
  | 'argument'
  | 'settings'
  | 'server default'
  | 'ecb'
  | 'frankfurter'
  | 'MCP1688_FX'

export interface Figure<T> {
  value: T
  origin: FigureOrigin
}

export type CostPartName = 'goods' | 'domestic freight' | 'international freight' | 'duty' | 'VAT' | 'fees'

export interface CostPart {
  name: CostPartName
  /** `null` if unknown. */
  amount: FenRange | null
  origin: FigureOrigin
  /** How it was computed, with its figures, or what is missing. */
  how: string
}

/** Of the whole order. */
export interface Shipment {
  actualG: bigint | null
  /** `null` without a size or a divisor. */
  volumetricG: bigint | null
  /** The larger one; `null` if it is not known which. */
  chargeableG: bigint | null
  volumeMm3: bigint | null
  weightOrigin: FigureOrigin
  sizeOrigin: FigureOrigin
  /** Of the listing's figures. */
  basis: Packaging['basis']
}

export interface LandedCost {
  quantity: number
  parts: CostPart[]
  shipment: Shipment
  /** All parts; `null` if one is unknown. */
  total: FenRange | null
  /** The known parts, if one is unknown; `null` if none is known. */
  subtotal: FenRange | null
  /** The unknown parts. */
  without: CostPartName[]
}

export interface EstimatedOffer {
  details: OfferDetails
  quote: Quote
  cost: LandedCost
}

/** A currency beside CNY. */
export interface OtherCurrency {
  code: string
  /** CNY for one unit, in millionths. */
  rate: Figure<bigint>
  /** Of the rate, `2026-11-27`; `null` for the user's own. */
  date: string | null
  /** Whether it is more than a week old. */
  isStale: boolean
}

export interface LandedCostResult {
  isDryRun: boolean
  cost: { offers: number; free: number; credits: number }
  /** The cheapest whole total first, then those with unknown parts. */
  offers: EstimatedOffer[]
  currency: OtherCurrency | null
  /** `null` for the smallest order of each offer. */
  wantedQuantity: number | null
  /**
   * Offers whose domestic freight the upstream could estimate, but that costs more than the call may spend; in a dry run,
   * all of them.
   */
  unread: { offers: number; credits: number } | null
  /** Only written down: no freight or duty is looked up for it. */
  destination: string | null
  sources: ReadonlyMap<string, string>
  failures: CompareFailure[]
  source: SourceReport
  credits: CreditReport
  remarks: Remark[]
}

/** Whether any freight, duty, VAT or fees are known, so that it says more than the price of the goods. */
export function addsToGoods({ offers }: LandedCostResult): boolean {
  const isKnown = ({ name, amount }: CostPart) => name !== 'goods' && amount !== null && amount.high > 0n
  return offers.some(({ cost }) => cost.parts.some(isKnown))
}
