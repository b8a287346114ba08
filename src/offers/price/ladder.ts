/** Owns telling a quantity ladder (阶梯价) from a list of prices that is none. */
import type { PriceTier } from '../offer.ts'

/**
 * The steps as a ladder, ascending in quantity. One step is no ladder, it is the price; nor are steps of which two begin at the same quantity, as in
 * a list of what the cheapest and the dearest variant cost.
 */
export function ladderOf(steps: readonly PriceTier[]): PriceTier[] {
  const quantities = new Set(steps.map(step => step.minQuantity))
  if (steps.length < 2 || quantities.size < steps.length) return []
  return [...steps].sort((a, b) => a.minQuantity - b.minQuantity)
}
