/** How filling the catalogue is written: the JSON schema and value, and the text made from that value alone. */
import * as z from 'zod'
import type { SyncResult } from '../offers/results/results.ts'
import { creditsSchema, shapeCredits } from './text/provenance.ts'
import { noteOf } from './text/remarks.ts'
import { known } from './text/values.ts'

/** The JSON of a sync reply. */
export const syncSchema = z.object({
  upstream: z.string(),
  done: z.boolean(),
  fetched: z.int().min(0).max(1e9),
  total: z.int().min(0).max(1e9).optional(),
  credits_to_finish: z.number().optional(),
  offers: z.int().min(0).max(1e9),
  compared: z.int().min(0).max(1e9),
  pictures_pending: z.int().min(0).max(1e9),
  retry_after_s: z.int().min(0).max(1e9).optional(),
  note: z.string().optional(),
  next: z.string(),
  credits: creditsSchema,
})

export type SyncValue = z.output<typeof syncSchema>

/** A sync as JSON. */
export function shapeSync(result: SyncResult): SyncValue {
  const { upstream, fetched, total, creditsToFinish, offers, compared, picturesPending, retryAfterMs } = result
  const done = creditsToFinish === 0 && picturesPending === 0
  return {
    upstream,
    done,
    fetched,
    ...known({ total, credits_to_finish: creditsToFinish }),
    offers,
    compared,
    pictures_pending: picturesPending,
    ...known({
      retry_after_s: retryAfterMs === null ? null : Math.ceil(retryAfterMs / 1000),
      note: noteOf(result.remarks),
    }),
    next: nextStep(result, done),
    credits: shapeCredits(result.credits),
  }
}

export function syncText(value: SyncValue): string {
  const { upstream } = value
  const total = value.total ?? 'an unknown number of'
  const left = value.credits_to_finish ? `, the rest costs ${value.credits_to_finish} credits` : ''
  const remaining = value.credits.remaining === undefined ? '' : `, ${value.credits.remaining} left`
  const fetched = hasIndex(value.total, value.credits_to_finish)
    ? `${value.fetched} of ${total} offers of ${upstream} fetched${left}`
    : `${upstream} has no index to fetch`
  return [
    `${value.done ? 'done' : 'not done'}: ${fetched}`,
    `catalogue: ${value.offers} offers, ${value.compared} with a compared picture, ${value.pictures_pending} pictures pending`,
    ...(value.note ? [`note: ${value.note}`] : []),
    `credits spent: ${value.credits.spent}${remaining}`,
    `next: ${value.next}`,
  ].join('\n')
}

/** An upstream that matches pictures itself has none: nothing is left to fetch, though nobody told how much there is. */
function hasIndex(total: number | null | undefined, creditsToFinish: number | null | undefined): boolean {
  return creditsToFinish !== 0 || typeof total === 'number'
}

function nextStep(result: SyncResult, done: boolean): string {
  const { upstream, total, creditsToFinish, picturesPending, retryAfterMs } = result
  if (done && !hasIndex(total, creditsToFinish))
    return `search_by_image asks ${upstream} itself, at its price for a call.`
  if (done) return 'search_by_image now ranks all of it and spends no credit.'
  if (retryAfterMs !== null)
    return `Call sync_catalogue again in ${Math.ceil(retryAfterMs / 1000)} s; what was fetched is kept.`
  if (creditsToFinish === 0)
    return `${picturesPending} pictures are compared in the background; searches already rank the others.`
  return 'Call sync_catalogue again to go on, with a higher max_credits where that was used up; nothing is fetched twice.'
}
