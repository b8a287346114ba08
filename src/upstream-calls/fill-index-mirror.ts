/** Owns what a search does for an upstream that has an index instead of a search: a bit of the index is fetched, until all of it is known. */
import type { Remark } from '../offers/results/results.ts'
import { CALL_BUDGET } from '../time/call-budget.ts'
import type { Gift, Source } from './failover.ts'
import type { MirrorReport } from './index-mirror.ts'
import type { ClientCall } from './metered-call.ts'
import type { Window } from './paging.ts'

/**
 * Fetches what is missing of a source's index, one page; all of it where that is free. A page after the first, if what is known
 * can fill it, fetches nothing: new offers would move the others, and show one twice and another never.
 * @throws AppError of the upstream.
 */
export async function fillIndex(
  { client, mirror }: Source,
  { page, pageSize }: Window,
  call: ClientCall,
): Promise<Gift<MirrorReport | null>> {
  if (mirror === null) return { value: null, creditsSpent: 0, staleBecause: null }
  const known = await mirror.report()
  const isFree = client.creditsPerCall === 0
  if (!isFree && page > 1 && known.fetched >= page * pageSize)
    return { value: known, creditsSpent: 0, staleBecause: null }
  const patienceMs = CALL_BUDGET.queueForIndexPage.callerMs
  const maxWaitMs = Math.min(call.maxWaitMs ?? patienceMs, patienceMs)
  const { report, creditsSpent } = await mirror.advance({
    ...call,
    ...(known.fetched > 0 ? { maxWaitMs } : {}),
    // A page more than this search found: of several that begin at once, in one process or many, one buys it for all.
    ...(isFree
      ? { maxCredits: Number.POSITIVE_INFINITY }
      : { maxCredits: client.creditsPerCall, enough: known.fetched + 1 }),
  })
  return { value: report, creditsSpent, staleBecause: null }
}

/** What is to be said of an index that is not whole. */
export function remarksOnIndex(report: MirrorReport | null): Remark[] {
  return report === null || report.creditsToFinish === 0 ? [] : [{ kind: 'index_incomplete', ...report }]
}
