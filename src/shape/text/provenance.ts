/** An answer's source, age and cost. */
import * as z from 'zod'
import type { CreditReport, SourceReport } from '../../offers/results/results.ts'
import { omitUnknown } from './values.ts'

export const sourceSchema = z.object({
  upstream: z.string(),
  retrieved_at: z.string().optional(),
  age_s: z.int().min(0).max(1e10).optional(),
  stale: z.boolean(),
})

export const creditsSchema = z.object({
  spent: z.number(),
  remaining: z.number().optional(),
})

export function shapeSource(source: SourceReport): z.output<typeof sourceSchema> {
  const retrievedAt = source.retrievedAt === null ? null : new Date(source.retrievedAt).toISOString()
  return {
    upstream: source.upstream,
    ...omitUnknown({ retrieved_at: retrievedAt, age_s: source.ageS }),
    stale: source.stale,
  }
}

/** When the answer was made, milliseconds since 1970, to the second. */
export function nowOf({ retrievedAt, ageS }: SourceReport): number {
  return (retrievedAt ?? 0) + (ageS ?? 0) * 1000
}

export function shapeCredits(credits: CreditReport): z.output<typeof creditsSchema> {
  return { spent: credits.spent, ...omitUnknown({ remaining: credits.remaining }) }
}

export function provenanceLine(source: z.output<typeof sourceSchema>, credits: z.output<typeof creditsSchema>): string {
  const age = source.age_s === undefined ? '' : `, fetched ${ageText(source.age_s)} ago (${source.retrieved_at ?? ''})`
  return `source: ${source.upstream}${age}${source.stale ? ', may be out of date' : ''}; ${creditsText(credits)}`
}

/** `40 s`, `8 min`, `5 h` or `3 days`. */
function ageText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`
}

export function creditsText({ spent, remaining }: z.output<typeof creditsSchema>): string {
  return `credits spent: ${spent}${remaining === undefined ? '' : `, ${remaining} left`}`
}
