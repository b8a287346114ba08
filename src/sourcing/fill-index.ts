/** Owns what a search does for an upstream that has an index instead of a search: a bit of the index is fetched, until all of it is known. */
import type { Remark } from '../offers/result.ts'
import type { ClientCall } from './asking.ts'
import type { Gift, Source } from './failover.ts'
import type { MirrorReport } from './mirror.ts'

/** Credits that one search may spend on filling the catalogue. */
const CREDITS_PER_SEARCH = 1

/** Fetches what is missing of a source's index, one credit's worth; all of it where that is free. @throws AppError of the upstream. */
export async function fillIndex({ client, mirror }: Source, call: ClientCall): Promise<Gift<MirrorReport | null>> {
  if (mirror === null) return { value: null, creditsSpent: 0, staleBecause: null }
  const maxCredits = client.creditsPerCall === 0 ? Number.POSITIVE_INFINITY : CREDITS_PER_SEARCH
  const { report, creditsSpent } = await mirror.advance({ ...call, maxCredits })
  return { value: report, creditsSpent, staleBecause: null }
}

/** What is to be said of an index that is not whole. */
export function remarksOnIndex(report: MirrorReport | null): Remark[] {
  return report === null || report.creditsToFinish === 0 ? [] : [{ kind: 'index_incomplete', ...report }]
}
