/** What orders of several offers cost where they arrive: the comparison's quotes, and the user's rates on them. */
import { landedCostOf } from '../../costs/landed-cost.ts'
import { sizeOfListing } from '../../costs/shipment.ts'
import { orderAmounts } from '../../offers/price/money.ts'
import type { CompareResult } from '../../offers/results/comparison-result.ts'
import type { EstimatedOffer, FigureOrigin, LandedCostResult } from '../../offers/results/landed-cost-result.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import type { CompareRequest } from './compare-offers.ts'
import { type CostArguments, type CostRates, resolveTerms } from './cost-terms.ts'

export interface EstimateRequest {
  /** IDs, links or share texts; each is checked separately. */
  references: readonly string[]
  quantity: number | null
  variant: string | null
  rates: CostArguments
  /** The country of arrival, as the caller wrote it. */
  destination: string | null
  dryRun: boolean
}

export interface EstimateDeps {
  compareOffers: (request: CompareRequest, call: CallOptions) => Promise<CompareResult>
  /** What the call does not name. @throws AppError `config_invalid`. */
  readCostSettings: () => Promise<{ rates: CostRates; origin: FigureOrigin }>
}

export function createEstimateLandedCost({ compareOffers, readCostSettings }: EstimateDeps) {
  return async function estimate(request: EstimateRequest, call: CallOptions): Promise<LandedCostResult> {
    // Before anything is spent: a rate that cannot be meant is worth no credit.
    const settings = await readCostSettings()
    const { terms, currency, domesticFreight, unit } = resolveTerms(request.rates, settings.rates, settings.origin)
    const { references, quantity, variant, dryRun } = request
    const wishes = { quantity, variant, maxMoq: null, maxUnitPrice: null }
    const compared = await compareOffers({ references, wishes, dryRun }, call)
    const offers = compared.offers.map(({ details, quote }): EstimatedOffer => {
      const packaging = quote.variant?.packaging ?? details.packaging
      const cost = landedCostOf({ quote, unit: { ...sizeOfListing(packaging), ...unit }, domesticFreight, terms })
      return { details, quote, cost }
    })
    return {
      isDryRun: dryRun,
      cost: compared.cost,
      offers: offers.sort(byCost),
      currency,
      wantedQuantity: quantity,
      destination: request.destination,
      sources: compared.sources,
      failures: compared.failures,
      source: compared.source,
      credits: compared.credits,
      remarks: compared.remarks,
    }
  }
}

/** Subtotals that lack different parts cannot be compared, so those offers keep the order of the comparison. */
function byCost({ cost: a }: EstimatedOffer, { cost: b }: EstimatedOffer): number {
  if (a.total && b.total) return orderAmounts(a.total.high, b.total.high)
  return Number(a.total === null) - Number(b.total === null)
}
