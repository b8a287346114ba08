/** Owns telling where the key, the cache and the catalogue stand. Asks no upstream and costs nothing. */
import type { ReplyCache } from '../cache/reply-cache.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Remark, UpstreamLimits, UsageResult } from '../offers/results/results.ts'
import { frameOf, SAMPLE_SOURCE, type Sources } from '../upstream-calls/failover.ts'
import type { UpstreamClient } from '../upstream-calls/upstream-client.ts'
import type { Embedder } from '../vision/embedder.ts'

/** What {@link createGetUsage} needs. */
export interface UsageDeps {
  catalogue: Catalogue
  sources: Sources
  embedder: Embedder
  /** `null` where nothing is kept. */
  cache: ReplyCache | null
  standingRemarks: readonly Remark[]
}

/** Makes the use case. */
export function createGetUsage({ catalogue, sources, embedder, cache, standingRemarks }: UsageDeps) {
  return async function getUsage(): Promise<UsageResult> {
    const [source, ...others] = sources
    const stats = await catalogue.stats(embedder.id)
    const indexed = sources.find(({ mirror }) => mirror !== null)
    const { remarks } = await frameOf({ source, creditsSpent: 0, staleBecause: null, passedOver: [] }, standingRemarks)
    const noKeys = sources
      .filter(({ client: { plan, name } }) => plan === null && name !== SAMPLE_SOURCE)
      .map(({ client }) => ({ kind: 'no_key' as const, upstream: client.name }))
    return {
      upstream: source.client.name,
      limits: await limitsOf(source.client),
      others: await Promise.all(
        others.map(async ({ client }) => ({ upstream: client.name, limits: await limitsOf(client) })),
      ),
      cache: cache && (await cache.stats()),
      catalogue: stats.map(({ source, offers, embedded }) => ({ source, offers, compared: embedded })),
      index: indexed?.mirror ? { source: indexed.client.name, ...(await indexed.mirror.report()) } : null,
      remarks: [...remarks, ...noKeys],
    }
  }
}

async function limitsOf({ plan, usage }: UpstreamClient): Promise<UpstreamLimits | null> {
  if (plan === null) return null
  const { callsPerMinute, creditsPerMonth } = plan.allowance
  return { plan: plan.name, callsPerMinute, creditsPerMonth, now: await usage() }
}
