import * as z from 'zod'

/** How a seller prices several pieces at once, where how many is known. */
export type Pack = z.infer<typeof packSchema>
export const packSchema = z.object({
  name: z.enum(['carton', 'dozen', 'box', 'pack', 'set']),
  /** Pieces in it, at least 2. */
  units: z.number(),
  /** Of the whole pack, as quoted, in the currency of the quote. */
  price: z.string(),
})
