/** How an answer's origin, age and cost are written. */
import * as z from 'zod'
import type { CreditReport, SourceReport } from '../../offers/results/results.ts'
import { known } from './values.ts'

/** Where an answer came from and how old it is. */
export const sourceSchema = z.object({
  upstream: z.string(),
  retrieved_at: z.string().optional(),
  age_s: z.int().min(0).max(1e10).optional(),
  stale: z.boolean(),
})

/** What a call cost. */
export const creditsSchema = z.object({
  spent: z.number(),
  remaining: z.number().optional(),
})

/** The value of {@link sourceSchema}. */
export function shapeSource(source: SourceReport): z.output<typeof sourceSchema> {
  const retrievedAt = source.retrievedAt === null ? null : new Date(source.retrievedAt).toISOString()
  return { upstream: source.upstream, ...known({ retrieved_at: retrievedAt, age_s: source.ageS }), stale: source.stale }
}

/** The value of {@link creditsSchema}. */
export function shapeCredits(credits: CreditReport): z.output<typeof creditsSchema> {
  return { spent: credits.spent, ...known({ remaining: credits.remaining }) }
}

/** One line of text for both. */
export function provenanceLine(source: z.output<typeof sourceSchema>, credits: z.output<typeof creditsSchema>): string {
  const age = source.age_s === undefined ? '' : `, ${source.age_s} s old (${source.retrieved_at ?? ''})`
  const left = credits.remaining === undefined ? '' : `, ${credits.remaining} left`
  return `source: ${source.upstream}${age}${source.stale ? ', STALE' : ''}; credits spent: ${credits.spent}${left}`
}
