/** What orders of several offers cost where they arrive: the comparison's quotes, and the user's rates on them. */
import { landedCostOf } from '../../costs/landed-cost.ts'
import type { ExchangeRates } from '../../costs/rates/rates.ts'
import { sizeOfListing } from '../../costs/shipment.ts'
import { isOwnId } from '../../offers/id/own-id.ts'
import { orderAmounts } from '../../offers/price/money.ts'
import type { CompareResult } from '../../offers/results/comparison-result.ts'
import type {
  EstimatedOffer,
  FigureOrigin,
  LandedCostResult,
  OtherCurrency,
} from '../../offers/results/landed-cost-result.ts'
import type { Remark } from '../../offers/results/results.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import type { UpstreamClients } from '../../upstream-calls/failover.ts'
import { limitCredits } from '../../upstream-calls/payers/credit-limit.ts'
import type { UpstreamClient } from '../../upstream-calls/upstream-client.ts'
import { createPaidParts } from '../paid-parts.ts'
import type { CompareRequest } from './compare-offers.ts'
import {
  type CostArguments,
  type CostRates,
  currenciesWithoutRate,
  type FoundRates,
  resolveTerms,
} from './cost-terms.ts'
import { type FreightPart, provinceOf, readFreight } from './read-freight.ts'

export interface EstimateRequest {
  /** IDs, links or share texts; each is checked separately. */
  references: readonly string[]
  quantity: number | null
  variant: string | null
  rates: CostArguments
  /** The Chinese city or province that domestic freight goes to; `null` if it is not asked for. */
  warehouse: string | null
  /** The country of arrival, as the caller wrote it. */
  destination: string | null
  dryRun: boolean
  /** Bounds the whole call. Default: the details of each offer, and no freight that costs anything. */
  maxCredits?: number | undefined
}

export interface EstimateDeps {
  upstreams: UpstreamClients
  compareOffers: (request: CompareRequest, call: CallOptions) => Promise<CompareResult>
  /** What the call does not name. @throws AppError `config_invalid`. */
  readCostSettings: () => Promise<{ rates: CostRates; origin: FigureOrigin }>
  exchangeRates: ExchangeRates
}

export function createEstimateLandedCost({ upstreams, compareOffers, readCostSettings, exchangeRates }: EstimateDeps) {
  async function findRates(currencies: readonly string[], { signal }: CallOptions): Promise<FoundRates> {
    const found = new Map<string, OtherCurrency>()
    for (const code of currencies) {
      const rate = await exchangeRates.find(code, signal)
      if (rate === null) continue
      const { value, from, date, isStale } = rate
      found.set(code, { code, rate: { value, origin: from }, date, isStale })
    }
    return found
  }

  return async function estimate(request: EstimateRequest, caller: CallOptions): Promise<LandedCostResult> {
    const { references, quantity, variant, dryRun, maxCredits } = request
    // Before anything is spent: a rate that cannot be meant is worth no credit.
    const settings = await readCostSettings()
    const found = await findRates(currenciesWithoutRate(request.rates, settings.rates), caller)
    const resolved = resolveTerms(request.rates, settings.rates, settings.origin, found)
    const province = request.warehouse === null ? null : provinceOf(request.warehouse)
    const call = maxCredits === undefined ? caller : { ...caller, payer: limitCredits(maxCredits, caller.payer) }
    const wishes = { quantity, variant, maxMoq: null, maxUnitPrice: null }
    const compared = await compareOffers({ references, wishes, dryRun, quoteRate: resolved.currency }, call)
    const { spent } = compared.credits
    const parts = createPaidParts<FreightPart>(maxCredits ?? spent, spent, call.signal)

    const estimateOne = async ({ details, quote }: CompareResult['offers'][number]): Promise<EstimatedOffer> => {
      const { offerId } = details
      const unit = { ...sizeOfListing(quote.variant?.packaging ?? details.packaging), ...resolved.unit }
      const order = { offerId, quantity: quote.orderQuantity }
      const client = upstreams.find(({ name }) => name === compared.sources.get(offerId) && !isOwnId(offerId))
      const asked =
        resolved.domesticFreight !== null || province === null
          ? null
          : await readFreight(client, { ...order, province }, unit, parts, call)
      const domesticFreight = asked === null ? resolved.domesticFreight : { value: asked, origin: 'upstream' as const }
      return { details, quote, cost: landedCostOf({ quote, unit, domesticFreight, terms: resolved.terms }) }
    }

    const offers: EstimatedOffer[] = []
    // One after the other: what is left to spend decides about the next.
    for (const offer of compared.offers) offers.push(await estimateOne(offer))
    return {
      isDryRun: dryRun,
      cost: compared.cost,
      offers: offers.sort(byCost),
      currency: resolved.currency ?? compared.otherCurrency ?? null,
      wantedQuantity: quantity,
      unread: dryRun ? freightPrice(request, compared, upstreams[0]) : unreadOf(parts.unread),
      destination: request.destination,
      sources: compared.sources,
      failures: compared.failures,
      source: compared.source,
      credits: {
        spent: parts.spent,
        remaining: parts.spent === spent ? compared.credits.remaining : await upstreams[0].creditsLeft(),
      },
      remarks: [...compared.remarks, ...withoutRepeats(parts.remarks)],
    }
  }
}

/** At most what domestic freight costs where it is asked for; the offers are not known yet. `null` if nothing. */
function freightPrice(
  { warehouse, rates }: EstimateRequest,
  { cost: { offers } }: CompareResult,
  { extras, creditsPerCall }: UpstreamClient,
): LandedCostResult['unread'] {
  if (warehouse === null || rates.domesticFreight !== undefined || !extras?.freight) return null
  const credits = offers * creditsPerCall
  return credits === 0 ? null : { offers, credits }
}

function unreadOf(unread: readonly { credits: number }[]): LandedCostResult['unread'] {
  const credits = unread.reduce((sum, part) => sum + part.credits, 0)
  return unread.length === 0 ? null : { offers: unread.length, credits }
}

/** The same refusal for each offer is one remark. */
function withoutRepeats(remarks: readonly Remark[]): Remark[] {
  return [...new Map(remarks.map(remark => [JSON.stringify(remark), remark])).values()]
}

/** Subtotals that lack different parts cannot be compared, so those offers keep the order of the comparison. */
function byCost({ cost: a }: EstimatedOffer, { cost: b }: EstimatedOffer): number {
  if (a.total && b.total) return orderAmounts(a.total.high, b.total.high)
  return Number(a.total === null) - Number(b.total === null)
}
