/** Usage of keys, cache and catalogue. Asks no upstream and costs nothing. */
import type { ReplyCache } from '../cache/reply-cache.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { AppError } from '../errors.ts'
import type { Remark, TakeRemarks } from '../offers/results/results.ts'
import type { UpstreamLimits, UsageResult } from '../offers/results/usage.ts'
import { isDamage } from '../store/damage.ts'
import { isDiskFull } from '../store/unavailable.ts'
import { creditsAndRemarks, OWN_SOURCE, SAMPLE_SOURCE, type UpstreamClients } from '../upstream-calls/failover.ts'
import type { UpstreamClient } from '../upstream-calls/upstream-client.ts'
import type { Embedder } from '../vision/embedder.ts'
import { reportedSource, type Sources } from './catalogue-sources.ts'

export interface UsageDeps {
  catalogue: Catalogue
  upstreams: UpstreamClients
  sources: Sources
  embedder: Embedder
  /** `null` if caching is off or not needed. */
  cache: ReplyCache | null
  takeRemarks: TakeRemarks
  /** Of the owner's files; `null` where they are not counted. */
  storedBytes: () => Promise<number | null>
}

export function createGetUsage(deps: UsageDeps) {
  const { catalogue, upstreams, sources, embedder, cache, takeRemarks, storedBytes } = deps

  return async function getUsage(): Promise<UsageResult> {
    const [first, ...others] = upstreams
    const stats = await catalogue.stats(embedder.id)
    // Before the remarks, since both may find a damaged file.
    const cacheStats = cache && (await cache.stats())
    const names = await sources.searchedWith(first)
    const indexed = upstreams.find(({ mirror, name }) => mirror !== null && names.includes(name))
    const { remarks } = await creditsAndRemarks(
      { answeredBy: first, creditsSpent: 0, staleBecause: null, passedOver: [] },
      [...(await sources.remarksOn(names, [])), ...takeRemarks()],
    )
    const noKeys = upstreams
      .filter(({ plan, name }) => plan === null && name !== SAMPLE_SOURCE && name !== OWN_SOURCE)
      .map(({ name }) => ({ kind: 'no_key' as const, upstream: name }))
    const { limits, remarks: onLedger } = await limitsOf(first)
    const further = await Promise.all(
      others.map(async upstream => ({ upstream: upstream.name, ...(await limitsOf(upstream)) })),
    )
    return {
      upstream: reportedSource(first, names),
      limits,
      others: further.map(({ upstream, limits: itsLimits }) => ({ upstream, limits: itsLimits })),
      cache: cacheStats,
      catalogue: stats.map(({ source, offers, embedded }) => ({ source, offers, compared: embedded })),
      storedBytes: await storedBytes().catch(() => null),
      index: indexed?.mirror ? { source: indexed.name, ...(await indexed.mirror.report()) } : null,
      remarks: [...remarks, ...onLedger, ...further.flatMap(other => other.remarks), ...noKeys],
    }
  }
}

/** Of an upstream's key, or of a caller's account. A damaged ledger, or a full disk, leaves them unknown and is reported. */
export async function limitsOf({
  plan,
  usage,
}: Pick<UpstreamClient, 'plan' | 'usage'>): Promise<{ limits: UpstreamLimits | null; remarks: Remark[] }> {
  if (plan === null) return { limits: null, remarks: [] }
  const { callsPerMinute, creditsPerMonth } = plan.allowance
  const limits = { plan: plan.name, callsPerMinute, creditsPerMonth }
  try {
    return { limits: { ...limits, now: await usage() }, remarks: [] }
  } catch (error) {
    if (!(error instanceof AppError && (isDamage(error) || isDiskFull(error)))) throw error
    const { message, hint } = error
    return { limits: { ...limits, now: null }, remarks: [{ kind: 'ledger_damaged', message, hint }] }
  }
}
