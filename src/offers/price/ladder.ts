import * as z from 'zod'
import { priceSchema } from './price.ts'

/** One step of a price ladder (阶梯价): the unit price from this quantity on. */
export type PriceTier = z.infer<typeof priceTierSchema>
export const priceTierSchema = z.object({
  /** In units, at least 1. */
  minQuantity: z.number(),
  price: priceSchema,
})

/**
 * The steps in ascending order. Returns none for a single step, which is simply the price, or if two steps start at the
 * same quantity, as in a list of the cheapest and the dearest variant.
 */
export function ladderOf(steps: readonly PriceTier[]): PriceTier[] {
  const quantities = new Set(steps.map(step => step.minQuantity))
  if (steps.length < 2 || quantities.size < steps.length) return []
  return [...steps].sort((a, b) => a.minQuantity - b.minQuantity)
}
