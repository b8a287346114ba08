import type { Host } from '../bridge/host.ts'
import type { CompareOutcome, Order } from '../parts/tray.ts'
import { type Comparison, readComparison } from '../replies/comparison.ts'
import { type LandedCosts, readLandedCosts } from '../replies/landed-cost.ts'

export interface Compared {
  comparison: Comparison
  landed: LandedCosts | null
}

/** Asks for the price first, and compares only at no cost or at a price the person has accepted. */
export async function fetchComparison(
  host: Host,
  offerIds: readonly string[],
  order: Order,
  mayCost: boolean,
): Promise<Compared | Exclude<CompareOutcome, 'shown'>> {
  const input = inputOf(offerIds, order)
  const ask = (dryRun: boolean) => host.callTool('compare_products', { ...input, dry_run: dryRun })
  try {
    if (!mayCost) {
      const plan = await ask(true)
      const credits = plan.isError ? null : readComparison(plan.structured)?.dryRunCredits
      // An unknown cost is not spent.
      if (typeof credits !== 'number') return { failure: plan.text }
      if (credits > 0) return { credits }
    }
    const result = await ask(false)
    const comparison = result.isError ? null : readComparison(result.structured)
    return comparison ? { comparison, landed: await fetchLandedCosts(host, offerIds, order) } : { failure: result.text }
  } catch (error) {
    return { failure: error instanceof Error ? error.message : '' }
  }
}

/** By the buyer's own rates, if they are set. It spends nothing: the offers have just been read. */
async function fetchLandedCosts(host: Host, offerIds: readonly string[], order: Order): Promise<LandedCosts | null> {
  const input = { ...inputOf(offerIds, order), max_credits: 0 }
  const result = await host.callTool('estimate_landed_cost', input).catch(() => null)
  return result === null || result.isError ? null : readLandedCosts(result.structured)
}

function inputOf(offerIds: readonly string[], { quantity, currency }: Order) {
  return { offer_ids: offerIds, ...(quantity !== null && { quantity }), ...(currency !== null && { currency }) }
}
