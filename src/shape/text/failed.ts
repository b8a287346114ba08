/** Offers that a call about several could not read. */
import * as z from 'zod'
import type { CompareFailure } from '../../offers/results/comparison-result.ts'
import { cell, omitUnknown } from './values.ts'

export const failedSchema = z.array(
  z.object({
    offers: z.array(z.string()),
    code: z.string(),
    reason: z.string(),
    retry_after_s: z.int().optional(),
  }),
)

type Failed = z.output<typeof failedSchema>

/** Failures of one kind are listed once: a limit refuses many calls in the same words. */
export function groupFailures(failures: readonly CompareFailure[]): Failed {
  const groups = new Map<string, Failed[number]>()
  for (const { reference, error } of failures) {
    const key = error.retryable ? error.code : error.message
    const retryAfterS = error.retryAfterMs === undefined ? null : Math.ceil(error.retryAfterMs / 1000)
    const group = groups.get(key)
    const waitS = Math.max(retryAfterS ?? 0, group?.retry_after_s ?? 0) || null
    groups.set(key, {
      offers: [...(group?.offers ?? []), reference],
      code: error.code,
      reason: group?.reason ?? `${error.message} ${error.hint}`,
      ...omitUnknown({ retry_after_s: waitS }),
    })
  }
  return [...groups.values()]
}

export function failureLine({ offers, code, reason, retry_after_s: wait }: Failed[number]): string {
  const later = wait === undefined ? '' : ` (retry_after_s: ${wait})`
  return `failed: ${offers.map(cell).join(', ')}: ${code}: ${reason}${later}`
}
