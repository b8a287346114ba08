import type { Host, ToolResult } from '../bridge/host.ts'
import { asTexts, type Json } from '../bridge/json.ts'
import { type Comparison, readComparison } from '../replies/comparison.ts'
import { readDetails } from '../replies/details.ts'
import { type LandedCosts, readLandedCosts } from '../replies/landed-cost.ts'
import type { Price } from '../replies/price.ts'
import { DETAILS_TOOL } from './details.ts'

export interface Compared {
  comparison: Comparison
  /** `null` where no rates are set. */
  landed: LandedCosts | null
}

/**
 * Asks for the price first, and compares only at no cost or at a price the person has accepted.
 * @param input of `compare_products`.
 */
export async function fetchComparison(
  host: Host,
  input: Json,
  mayCost: boolean,
): Promise<Compared | { failure: ToolResult } | { price: Price }> {
  const ask = (dryRun: boolean) => host.callTool('compare_products', { ...input, dry_run: dryRun })
  if (!mayCost) {
    const plan = await ask(true)
    const price = readComparison(plan.structured)?.price
    // An unknown cost is not spent.
    if (!price) return { failure: plan }
    if (price.credits > 0) return { price }
  }
  const result = await ask(false)
  const comparison = readComparison(result.structured)
  return comparison ? { comparison, landed: await fetchLandedCosts(host, input) } : { failure: result }
}

/**
 * By the buyer's own rates, if they are set. It spends nothing: the offers have just been read.
 * @param input of `compare_products`.
 */
export async function fetchLandedCosts(host: Host, input: Json): Promise<LandedCosts | null> {
  const { offer_ids, quantity, variant, currency } = input
  const order = { offer_ids, quantity, variant, currency, max_credits: 0 }
  return readLandedCosts((await host.callTool('estimate_landed_cost', order)).structured)
}

/** Names of the variants of compared offers, at no cost, since these have just been read. */
export async function fetchVariants(host: Host, { offer_ids }: Json): Promise<string[]> {
  const read = async (offerId: string) => {
    const { structured } = await host.callTool(DETAILS_TOOL, { offer_id: offerId, max_credits: 0 })
    return readDetails(structured)?.variants ?? []
  }
  const variants = await Promise.all(asTexts(offer_ids).map(read))
  return [...new Set(variants.flat().map(({ name }) => name))]
}
