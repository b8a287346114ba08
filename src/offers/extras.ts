/** What can be asked about an offer beyond its details. `null` means unknown. */
import * as z from 'zod'

/** The names of these parts, as callers write them. */
export const EXTRAS = ['reviews', 'sales', 'description_pictures'] as const
export type Extra = (typeof EXTRAS)[number]

export type Reviews = z.infer<typeof reviews>
/** One page, newest first. */
export const reviews = z.object({
  /** Only what a buyer wrote: third-party text, without names. */
  list: z.array(
    z.object({
      text: z.string(),
      /** `"2026-11-05"`. */
      date: z.string().nullable(),
      /** 1 to 5. */
      stars: z.number().nullable(),
      variant: z.string().nullable(),
    }),
  ),
  /** Texts that 1688 puts in where a buyer wrote nothing: five stars that nobody gave. */
  defaults: z.number(),
})

export type Sales = z.infer<typeof sales>
export const sales = z.object({
  soldIn30Days: z.number().nullable(),
  /** As written, such as `"1.5万+"`. */
  soldInTotal: z.string().nullable(),
  /** Ascending in date (`"2026-11-05"`). */
  days: z.array(z.object({ date: z.string(), sold: z.number() })),
  /** Ascending in date; CNY. */
  prices: z.array(z.object({ date: z.string(), min: z.number(), max: z.number() })),
})

/** http(s) URLs, in the order of the description. */
export const descriptionPictures = z.array(z.string())

/** An order that domestic freight is asked for. */
export interface FreightQuery {
  offerId: string
  /** With its suffix: `"广东省"`. */
  province: string
  quantity: number
  /** Of the whole order. */
  weightKg: number | null
}

export type Freight = z.infer<typeof freight>
export const freight = z.object({
  /** For the whole order; 0 where the seller pays. */
  feeCny: z.number(),
})

export interface OfferExtras {
  reviews: Reviews | null
  sales: Sales | null
  descriptionPictures: string[] | null
}
