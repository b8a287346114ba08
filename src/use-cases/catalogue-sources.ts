/** Owns which offers of the catalogue are searched beside an upstream's own, and how old they are. */
import type { CatalogueOffer } from '../catalogue/catalogue.ts'
import { IMPORT_SOURCE } from '../catalogue/import/import-file.ts'
import type { SourceReport } from '../offers/results/results.ts'
import { SAMPLE_SOURCE, type Source, type Sources } from '../upstream-calls/failover.ts'
import type { Window } from '../upstream-calls/paging.ts'

/** The offers of all upstreams that are configured, and imported ones. Made-up offers are never mixed with an upstream's real ones. */
export function knownSources(sources: Sources, asked: Source): string[] {
  if (asked.client.name === SAMPLE_SOURCE) return [SAMPLE_SOURCE, IMPORT_SOURCE]
  return [...sources.map(({ client }) => client.name).filter(name => name !== SAMPLE_SOURCE), IMPORT_SOURCE]
}

/** As old as the oldest offer that is shown. */
export function ageOf(shown: readonly CatalogueOffer[], now: number): Pick<SourceReport, 'retrievedAt' | 'ageS'> {
  if (shown.length === 0) return { retrievedAt: null, ageS: null }
  const retrievedAt = Math.min(...shown.map(({ lastSeenAt }) => lastSeenAt))
  return { retrievedAt, ageS: Math.max(0, Math.round((now - retrievedAt) / 1000)) }
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
