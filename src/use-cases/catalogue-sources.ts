/** Which sources of the catalogue a search covers, and the page and age of what it finds. */
import { type Catalogue, type CatalogueOffer, IMPORT_SOURCE } from '../catalogue/catalogue.ts'
import { catalogueName, catalogueSource, isImport } from '../catalogue/owners.ts'
import { AppError } from '../errors.ts'
import type { Remark } from '../offers/results/results.ts'
import { quoted } from '../offers/text.ts'
import { OWN_SOURCE, SAMPLE_SOURCE, type UpstreamClients } from '../upstream-calls/failover.ts'
import type { PageWindow } from '../upstream-calls/paging.ts'
import type { UpstreamClient } from '../upstream-calls/upstream-client.ts'

export interface SourcesDeps {
  /** As its owner sees it. */
  catalogue: Catalogue
  upstreams: UpstreamClients
  /** Whether sample offers only fill in for offers that nobody has set up or imported yet. */
  isSampleStandIn: boolean
}

export interface Sources {
  /** What a search covers if `asked` answers it. */
  searchedWith(asked: UpstreamClient): Promise<string[]>
  /** The source of the catalogue of imported offers with this name. @throws AppError `not_found`. */
  named(name: string): Promise<string>
  /** What any search may cover. */
  all(): Promise<string[]>
  hasImports(): Promise<boolean>
  /**
   * What an answer says about its sources.
   * @param shown the sources of the offers in it.
   */
  remarksOn(sources: readonly string[], shown: readonly string[]): Promise<Remark[]>
}

/** All configured upstreams and imports. Sample offers are never mixed with offers of other upstreams. */
export function createSources({ catalogue, upstreams, isSampleStandIn }: SourcesDeps): Sources {
  const real = upstreams.map(({ name }) => name).filter(name => name !== SAMPLE_SOURCE && name !== OWN_SOURCE)

  const hasImports = async (): Promise<boolean> => (await catalogue.list([IMPORT_SOURCE], null, 1)).length > 0

  const isSampleShown = async (): Promise<boolean> =>
    !isSampleStandIn || !((await hasImports()) || isRemoved(await catalogue.getMirror(SAMPLE_SOURCE)))

  return {
    searchedWith: async ({ name }) => {
      if (name !== SAMPLE_SOURCE) return [...real, IMPORT_SOURCE]
      return (await isSampleShown()) ? [SAMPLE_SOURCE, IMPORT_SOURCE] : [IMPORT_SOURCE]
    },
    named: async name => {
      const source = catalogueSource(name)
      const known = await catalogue.listSources()
      if (!known.includes(source)) throw noCatalogue(name, known)
      return source
    },
    hasImports,
    all: async () => {
      const hasSample = upstreams.some(({ name }) => name === SAMPLE_SOURCE) && (await isSampleShown())
      return [...real, ...(hasSample ? [SAMPLE_SOURCE] : []), IMPORT_SOURCE]
    },
    remarksOn: async (sources, shown) => {
      if (isOwnAlone(sources)) return [{ kind: 'own_only', isEmpty: !(await hasImports()) }]
      // Without the note, an empty page would seem to say that 1688 has no such offer.
      const holdsSample = shown.length === 0 ? sources.includes(SAMPLE_SOURCE) : shown.includes(SAMPLE_SOURCE)
      return holdsSample ? [{ kind: 'sample_data' }] : []
    },
  }
}

type Mirrored = Awaited<ReturnType<Catalogue['getMirror']>>

/** An index that was copied completely and has nothing in it. */
function isRemoved(mirror: Mirrored): boolean {
  return mirror !== null && mirror.totalFound === 0 && mirror.completedAt !== null
}

/** Removes the sample offers until somebody asks for them by name. */
export async function removeSample(catalogue: Catalogue, now: number): Promise<number> {
  const removed = await catalogue.remove(SAMPLE_SOURCE, null)
  await catalogue.putMirrorPage(SAMPLE_SOURCE, [], { pagesFetched: 0, totalFound: 0, completedAt: now }, now)
  return removed
}

function noCatalogue(name: string, sources: readonly string[]): AppError {
  const names = sources.flatMap(source => catalogueName(source) ?? [])
  return new AppError({
    code: 'not_found',
    message: `There is no catalogue ${quoted(name)}.`,
    hint:
      names.length === 0
        ? 'No catalogue has a name: mcp-1688 catalogue import FILE --catalogue NAME gives one.'
        : `Those with a name: ${names.join(', ')}.`,
  })
}

function isOwnAlone(sources: readonly string[]): boolean {
  return sources.every(isImport)
}

/** The name under which an answer from `sources` is reported. */
export function reportedSource({ name }: Pick<UpstreamClient, 'name'>, sources: readonly string[]): string {
  return isOwnAlone(sources) ? (sources[0] ?? IMPORT_SOURCE) : name
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
 * @param found different offers in all; more than there are where a catalogue counts rows.
 */
export function distinctPage<T extends CatalogueOffer>(
  hits: readonly T[],
  found: number,
  { page, pageSize }: PageWindow,
): { shown: T[]; totalFound: number } {
  const seen = new Set<string>()
  const distinct = hits.filter(({ offer: { offerId } }) => !seen.has(offerId) && seen.add(offerId))
  const isLast = distinct.length < page * pageSize
  return {
    shown: distinct.slice((page - 1) * pageSize, page * pageSize),
    totalFound: isLast ? distinct.length : found,
  }
}
