import * as z from 'zod'
import type { SyncResult } from '../offers/results/results.ts'
import { creditsSchema, creditsText, shapeCredits } from './text/provenance.ts'
import { noteOf } from './text/remarks.ts'
import { counted, omitUnknown } from './text/values.ts'

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

export function shapeSync(result: SyncResult): SyncValue {
  const { upstream, fetched, total, creditsToFinish, offers, compared, picturesPending, retryAfterMs } = result
  const done = creditsToFinish === 0 && picturesPending === 0
  return {
    upstream,
    done,
    fetched,
    ...omitUnknown({ total, credits_to_finish: creditsToFinish }),
    offers,
    compared,
    pictures_pending: picturesPending,
    ...omitUnknown({
      retry_after_s: retryAfterMs === null ? null : Math.ceil(retryAfterMs / 1000),
      note: noteOf(result.remarks),
    }),
    next: nextStep(result, done),
    credits: shapeCredits(result.credits),
  }
}

export function syncText(value: SyncValue): string {
  const { upstream } = value
  const left = value.credits_to_finish ? `; the rest costs ${counted(value.credits_to_finish, 'credit')}` : ''
  const fetched = hasIndex(value.total, value.credits_to_finish)
    ? `${value.fetched} of ${counted(value.total, 'offer')} fetched from ${upstream}${left}`
    : `${upstream} has no index to fetch`
  return [
    `${value.done ? 'done' : 'not done'}: ${fetched}`,
    `catalogue: ${counted(value.offers, 'offer')}, ${value.compared} with a picture ready to compare, ${counted(value.pictures_pending, 'picture')} pending`,
    ...(value.note ? [`note: ${value.note}`] : []),
    creditsText(value.credits),
    `next: ${value.next}`,
  ].join('\n')
}

/** An upstream that matches pictures itself has no index: nothing is left to fetch although the total is unknown. */
function hasIndex(total: number | null | undefined, creditsToFinish: number | null | undefined): boolean {
  return creditsToFinish !== 0 || typeof total === 'number'
}

function nextStep(result: SyncResult, done: boolean): string {
  const { upstream, total, creditsToFinish, picturesPending, retryAfterMs } = result
  if (done && !hasIndex(total, creditsToFinish))
    return upstream === 'import'
      ? 'search_by_image ranks imported offers at no cost.'
      : `search_by_image asks ${upstream} directly, at its price per call.`
  if (done) return 'search_by_image now ranks all of it without spending credits.'
  if (retryAfterMs !== null)
    return `Call sync_catalogue again in ${Math.ceil(retryAfterMs / 1000)} s; it continues from here.`
  if (creditsToFinish === 0)
    return `${counted(picturesPending, 'picture')} still being processed in the background; searches already rank the others.`
  return 'Call sync_catalogue again to continue, with a higher max_credits if that was used up; nothing is fetched twice.'
}
