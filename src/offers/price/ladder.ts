import * as z from 'zod'
import { priceSchema } from './price.ts'

/** One step of a quantity ladder (阶梯价): from this quantity on, a unit costs this much. */
export type PriceTier = z.infer<typeof priceTierSchema>
export const priceTierSchema = z.object({
  /** In units, at least 1. */
  minQuantity: z.number(),
  price: priceSchema,
})

/**
 * The steps as a ladder, ascending in quantity. One step is no ladder, it is the price; nor are steps of which two begin at the same quantity, as in
 * a list of what the cheapest and the dearest variant cost.
 */
export function ladderOf(steps: readonly PriceTier[]): PriceTier[] {
  const quantities = new Set(steps.map(step => step.minQuantity))
  if (steps.length < 2 || quantities.size < steps.length) return []
  return [...steps].sort((a, b) => a.minQuantity - b.minQuantity)
}
