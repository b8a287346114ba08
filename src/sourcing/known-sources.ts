/** Owns which offers of the catalogue are searched beside an upstream's own, and how old they are. */
import type { CatalogueOffer } from '../catalogue/catalogue.ts'
import { IMPORT_SOURCE } from '../catalogue/import/import-file.ts'
import type { SourceReport } from '../offers/result.ts'
import { SAMPLE_SOURCE, type Source, type Sources } from './failover.ts'

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
