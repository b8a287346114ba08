/** Which offers of the catalogue are searched beside an upstream's own, and how old they are. */
import type { CatalogueOffer } from '../catalogue/catalogue.ts'
import { IMPORT_SOURCE } from '../catalogue/catalogue.ts'
import { SAMPLE_SOURCE, type UpstreamClients } from '../upstream-calls/failover.ts'
import type { Window } from '../upstream-calls/paging.ts'
import type { UpstreamClient } from '../upstream-calls/upstream-client.ts'

/** The offers of all upstreams that are configured, and imported ones. Made-up offers are never mixed with an upstream's real ones. */
export function knownSources(upstreams: UpstreamClients, asked: UpstreamClient): string[] {
  if (asked.name === SAMPLE_SOURCE) return [SAMPLE_SOURCE, IMPORT_SOURCE]
  return [...upstreams.map(({ name }) => name).filter(name => name !== SAMPLE_SOURCE), IMPORT_SOURCE]
}

/** When the oldest of these offers was last seen, milliseconds since 1970; `null` where there is none. */
export function oldestOf(shown: readonly CatalogueOffer[]): number | null {
  return shown.length === 0 ? null : Math.min(...shown.map(({ lastSeenAt }) => lastSeenAt))
}

/** How many hits hold a page of different offers, however many of `sources` know each. */
export function hitsFor({ page, pageSize }: Window, sources: readonly string[]): number {
  return page * pageSize * sources.length
}

/**
 * The page among different offers: one that several sources know counts once, as its best hit.
 * @param hits best first, {@link hitsFor} of them or all there are. @param found how many there are.
 */
export function distinctPage<T extends CatalogueOffer>(
  hits: readonly T[],
  found: number,
  { page, pageSize }: Window,
): { shown: T[]; totalFound: number } {
  const seen = new Set<string>()
  const distinct = hits.filter(({ offer: { offerId } }) => !seen.has(offerId) && seen.add(offerId))
  const isAll = hits.length >= found || distinct.length < page * pageSize
  return {
    shown: distinct.slice((page - 1) * pageSize, page * pageSize),
    totalFound: isAll ? distinct.length : found,
  }
}
