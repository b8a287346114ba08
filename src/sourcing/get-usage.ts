/** Owns telling where the key, the cache and the catalogue stand. Asks no upstream and costs nothing. */
import type { ReplyCache } from '../cache/reply-cache.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Allowance } from '../limits/ledger.ts'
import type { Remark, UsageResult } from '../offers/result.ts'
import type { Embedder } from '../vision/embedder.ts'
import type { Mirror } from './mirror.ts'
import type { UpstreamClient } from './upstream-client.ts'

/** What {@link createGetUsage} needs. */
export interface UsageDeps {
  catalogue: Catalogue
  client: UpstreamClient
  mirror: Mirror | null
  embedder: Embedder
  /** `null` where nothing is kept. */
  cache: ReplyCache | null
  /** `null` where the upstream is not metered. */
  plan: { name: string; allowance: Allowance } | null
  standingRemarks: readonly Remark[]
}

/** Makes the use case. */
export function createGetUsage({ catalogue, client, mirror, embedder, cache, plan, standingRemarks }: UsageDeps) {
  return async function getUsage(): Promise<UsageResult> {
    const now = await client.usage()
    const stats = await catalogue.stats(embedder.id)
    const remarks: Remark[] = [...standingRemarks]
    if (client.limitsNotShared) remarks.push({ kind: 'limits_not_shared' })
    return {
      upstream: client.name,
      limits: plan && {
        plan: plan.name,
        callsPerMinute: plan.allowance.callsPerMinute,
        creditsPerMonth: plan.allowance.creditsPerMonth,
        now,
      },
      cache: cache && (await cache.stats()),
      catalogue: stats.map(({ source, offers, embedded }) => ({ source, offers, compared: embedded })),
      index: mirror && (await mirror.report()),
      remarks,
    }
  }
}
