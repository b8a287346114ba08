/** Which sources of the catalogue a search covers, and the page and age of what it finds. */
import { type CatalogueOffer, IMPORT_SOURCE } from '../catalogue/catalogue.ts'
import { SAMPLE_SOURCE, type UpstreamClients } from '../upstream-calls/failover.ts'
import type { PageWindow } from '../upstream-calls/paging.ts'
import type { UpstreamClient } from '../upstream-calls/upstream-client.ts'

/** All configured upstreams and imports. Sample offers are never mixed with real ones. */
export function knownSources(upstreams: UpstreamClients, asked: UpstreamClient): string[] {
  if (asked.name === SAMPLE_SOURCE) return [SAMPLE_SOURCE, IMPORT_SOURCE]
  return [...upstreams.map(({ name }) => name).filter(name => name !== SAMPLE_SOURCE), IMPORT_SOURCE]
}

/** Milliseconds since 1970; `null` without offers. */
export function oldestOf(shown: readonly CatalogueOffer[]): number | null {
  return shown.length === 0 ? null : Math.min(...shown.map(({ lastSeenAt }) => lastSeenAt))
}

/** Enough hits to fill a page with different offers, even if every source knows each of them. */
export function hitsFor({ page, pageSize }: PageWindow, sources: readonly string[]): number {
  return page * pageSize * sources.length
}

/**
 * A page of different offers: one that several sources know counts once, with its best hit.
 * @param hits best first: {@link hitsFor} of them, or all.
 * @param found the total number of hits.
 */
export function distinctPage<T extends CatalogueOffer>(
  hits: readonly T[],
  found: number,
  { page, pageSize }: PageWindow,
): { shown: T[]; totalFound: number } {
  const seen = new Set<string>()
  const distinct = hits.filter(({ offer: { offerId } }) => !seen.has(offerId) && seen.add(offerId))
  const isAll = hits.length >= found || distinct.length < page * pageSize
  return {
    shown: distinct.slice((page - 1) * pageSize, page * pageSize),
    totalFound: isAll ? distinct.length : found,
  }
}
