/** Landed costs for the files of a comparison, by the rates that the person has set. */
import type { CompareWishes } from '../../../offers/comparison.ts'
import { addsToGoods, type LandedCostResult } from '../../../offers/results/landed-cost-result.ts'
import type { Services } from '../../../use-cases/use-cases.ts'

export interface LandedRequest {
  references: readonly string[]
  wishes: CompareWishes
}

/** For offers that have just been read, so it costs nothing. `null` if no freight, duty, VAT or fees are set. */
export async function landedByOwnRates(
  { estimateLandedCost }: Pick<Services, 'estimateLandedCost'>,
  { references, wishes }: LandedRequest,
  signal: AbortSignal,
): Promise<LandedCostResult | null> {
  const { quantity, variant } = wishes
  const request = { references, quantity, variant, rates: {}, warehouse: null, destination: null, dryRun: false }
  const landed = await estimateLandedCost({ ...request, maxCredits: 0 }, { signal })
  return addsToGoods(landed) ? landed : null
}
