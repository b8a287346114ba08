/** Owns the walk that every search takes: the first upstream that can answer is asked, and what is known here answers for the others. */
import { AppError, throwIfAborted } from '../../errors.ts'
import type { Remark, SearchResult } from '../../offers/results/results.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import {
  type Answered,
  type Failover,
  frameOf,
  type Gift,
  type Source,
  type Sources,
} from '../../upstream-calls/failover.ts'
import { fillIndex, remarksOnIndex } from '../../upstream-calls/fill-index-mirror.ts'
import type { MirrorReport } from '../../upstream-calls/index-mirror.ts'
import type { ClientCall } from '../../upstream-calls/metered-call.ts'
import type { ClientSearch } from '../../upstream-calls/paged-search.ts'
import type { Rows } from '../../upstream-calls/paging.ts'
import type { UpstreamClient } from '../../upstream-calls/upstream-client.ts'
import { knownSources } from '../catalogue-sources.ts'
import { remarksOnPlace } from './offer-filter.ts'
import { createShowFound, fetchFound, type ShowFoundDeps, type Shown, type Wanted } from './upstream-results.ts'

/** What {@link createSearch} needs. */
export interface SearchDeps extends ShowFoundDeps {
  sources: Sources
  failover: Failover
  /** Said with every answer. */
  standingRemarks: readonly Remark[]
}

/** One search. */
export interface Quest<T> extends Wanted {
  /** What is searched for, as upstreams take it. */
  what: T
  /** As the answer echoes it. */
  query: string
  /** Views of the picture; none where words are searched for. */
  vectors: Int8Array[]
  /** The search that an upstream does itself, if it can. */
  searchOf(client: UpstreamClient): ClientSearch<T> | null
  /** Searches what is known. @param names of the sources whose offers count. */
  searchKnown(names: readonly string[]): Promise<Known>
}

/** What was found among what is known. */
export type Known = Omit<Shown, 'source' | 'hasMore'> & Pick<SearchResult['source'], 'retrievedAt' | 'ageS'>

/** What a source did for a search: found offers itself, or gave a bit of its index. */
type Asked = { found: Rows } | { index: MirrorReport | null }

/** Makes the walk. */
export function createSearch(deps: SearchDeps) {
  const { sources, failover, standingRemarks } = deps
  const showFound = createShowFound(deps)

  return async function search<T>(quest: Quest<T>, call: CallOptions): Promise<SearchResult> {
    const onPlace = remarksOnPlace(quest.filters)
    const answer = await failover((source, attempt) => askSource(quest, source, attempt), call).catch(error =>
      nobodyAnswered(error, call),
    )
    const { found, onIndex } = await show(quest, answer, call)
    const { credits, remarks } = await frameOf(answer, standingRemarks)
    const { page, pageSize, query } = quest
    return {
      ...found,
      source: { ...found.source, stale: answer.staleBecause !== null },
      ...{ page, pageSize, query, credits },
      remarks: [...remarks, ...onIndex, ...onPlace, ...found.remarks],
    }
  }

  async function show<T>(quest: Quest<T>, { source, value, staleBecause }: Answered<Asked>, call: CallOptions) {
    if ('found' in value)
      return { found: await showFound(source, value.found, quest, quest.vectors, call), onIndex: [] }
    const { retrievedAt, ageS, ...found } = await quest.searchKnown(knownSources(sources, source))
    throwIfAborted(call.signal)
    if (found.match.known === 0 && staleBecause) throw staleBecause
    const upstream = source.client.name
    return {
      found: { ...found, source: { upstream, retrievedAt, ageS, stale: false } },
      onIndex: remarksOnIndex(value.index),
    }
  }

  /** What is known still answers; a failure only matters where nothing is. */
  async function nobodyAnswered(error: unknown, { signal }: CallOptions): Promise<Answered<Asked>> {
    throwIfAborted(signal, error)
    if (!(error instanceof AppError) || error.code === 'internal') throw error
    const [source] = sources
    const index = (await source.mirror?.report()) ?? null
    return { source, value: { index }, creditsSpent: error.creditsSpent, staleBecause: error, passedOver: [] }
  }
}

async function askSource<T>(quest: Quest<T>, source: Source, call: ClientCall): Promise<Gift<Asked>> {
  const own = quest.searchOf(source.client)
  if (own === null) {
    const filled = await fillIndex(source, quest, call)
    return { ...filled, value: { index: filled.value } }
  }
  const found = await fetchFound(own, quest.what, quest, call)
  return { ...found, value: { found: found.value } }
}
