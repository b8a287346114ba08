/** What goes beyond an offer's details, in replies. */
import * as z from 'zod'
import type { OfferExtras } from '../../offers/extras.ts'
import type { DetailsResult } from '../../offers/results/results.ts'
import { counted, omitUnknown } from '../text/values.ts'

const MAX_REVIEWS = 10
const MAX_DESCRIPTION_PICTURES = 20

export const extrasShape = {
  reviews: z
    .object({
      latest: z.array(
        z.object({
          text: z.string(),
          date: z.string().optional(),
          stars: z.number().optional(),
          variant: z.string().optional(),
        }),
      ),
      default_texts: z.int(),
    })
    .optional(),
  sales: z
    .object({
      sold_30_days: z.number().optional(),
      sold_total: z.string().optional(),
      by_week: z.array(z.object({ from: z.string(), sold: z.number() })),
      price_from: z.string().optional(),
    })
    .optional(),
  description_pictures: z.array(z.string()).optional(),
  not_read: z.array(z.object({ part: z.string(), credits: z.number() })).optional(),
}

const extrasSchema = z.object(extrasShape)
type ExtrasValue = z.output<typeof extrasSchema>

export function shapeExtras({ extras, unread = [] }: DetailsResult): ExtrasValue {
  return omitUnknown({
    reviews: extras && reviewsOf(extras),
    sales: extras && salesOf(extras),
    description_pictures: extras?.descriptionPictures?.slice(0, MAX_DESCRIPTION_PICTURES),
    not_read: unread.length > 0 ? unread : null,
  })
}

export function extrasLines(value: ExtrasValue): string[] {
  const { reviews, sales, description_pictures: pictures, not_read: unread } = value
  return [
    ...(reviews ? reviewLines(reviews) : []),
    ...(sales ? [salesLine(sales)] : []),
    ...(pictures ? [`pictures of the description: ${pictures.join(' ') || 'none'}`] : []),
    ...(unread
      ? [`not read: ${unread.map(({ part, credits }) => `${part} (${counted(credits, 'credit')})`).join(', ')}`]
      : []),
  ]
}

/** What `max_credits` has to be for the parts that were left out; `null` if none was. */
export function creditsForRest({ unread = [], credits }: DetailsResult): number | null {
  return unread.length === 0 ? null : credits.spent + unread.reduce((sum, part) => sum + part.credits, 0)
}

function reviewsOf({ reviews }: OfferExtras): ExtrasValue['reviews'] | null {
  if (reviews === null) return null
  const latest = reviews.list.slice(0, MAX_REVIEWS).map(({ text, ...rest }) => ({ text, ...omitUnknown(rest) }))
  return { latest, default_texts: reviews.defaults }
}

function reviewLines({ latest, default_texts: defaults }: NonNullable<ExtrasValue['reviews']>): string[] {
  const written = latest.length === 0 ? 'none written by buyers' : `${latest.length} written by buyers, newest first`
  const lines = latest.map(({ date, stars, variant, text }) => {
    const head = [date, stars === undefined ? undefined : `${stars}/5`, variant].filter(part => part !== undefined)
    return `  ${head.join(', ')}${head.length > 0 ? ': ' : ''}${text}`
  })
  return [`reviews: ${written}; ${defaults} more with 1688's default text only`, ...lines]
}

function salesOf({ sales }: OfferExtras): ExtrasValue['sales'] | null {
  if (sales === null) return null
  const [first, last] = [sales.prices[0], sales.prices.at(-1)]
  return {
    ...omitUnknown({ sold_30_days: sales.soldIn30Days, sold_total: sales.soldInTotal }),
    by_week: byWeek(sales.days),
    ...omitUnknown({
      price_from: first && last ? `${first.min} on ${first.date} to ${last.min} on ${last.date} (CNY)` : null,
    }),
  }
}

/** Whole weeks, counted back from the last day: a buyer looks for the direction. */
function byWeek(days: readonly { date: string; sold: number }[]): { from: string; sold: number }[] {
  const weeks: { from: string; sold: number }[] = []
  for (let end = days.length; end - 7 >= 0; end -= 7) {
    const week = days.slice(end - 7, end)
    weeks.unshift({ from: week[0]?.date ?? '', sold: week.reduce((sum, { sold }) => sum + sold, 0) })
  }
  return weeks
}

function salesLine({
  sold_30_days: month,
  sold_total: total,
  by_week: weeks,
  price_from: price,
}: NonNullable<ExtrasValue['sales']>) {
  const parts = [
    month === undefined ? null : `${month} in 30 days`,
    total === undefined ? null : `${total} in total`,
    weeks.length === 0 ? null : `by week: ${weeks.map(({ from, sold }) => `${sold} (from ${from})`).join(', ')}`,
    price === undefined ? null : `lowest price ${price}`,
  ].filter(part => part !== null)
  return `sales: ${parts.join('; ') || 'unknown'}`
}
