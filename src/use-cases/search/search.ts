/** What every search does: ask the upstreams in order, and search the catalogue for an upstream that has no search. */
import { AppError, throwIfAborted } from '../../errors.ts'
import { type Fetched, fetchedNow, sourceReport } from '../../offers/results/fetched.ts'
import type { MirrorReport, Remark, SearchResult, TakeRemarks } from '../../offers/results/results.ts'
import type { UpstreamSearch } from '../../upstream-calls/cached-search.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import { type Answered, creditsAndRemarks, type Failover, type UpstreamClients } from '../../upstream-calls/failover.ts'
import { remarksOnIndex } from '../../upstream-calls/index-mirror.ts'
import type { UpstreamCallOptions } from '../../upstream-calls/metered-call.ts'
import { limitCredits } from '../../upstream-calls/payers/credit-limit.ts'
import type { UpstreamClient } from '../../upstream-calls/upstream-client.ts'
import { reportedSource, type Sources } from '../catalogue-sources.ts'
import type { QueryPicture } from './compare-pictures.ts'
import type { UpstreamRows } from './fetch-results.ts'
import { remarksOnPlace } from './offer-filter.ts'
import { createFindOwnMatches } from './own-matches.ts'
import { type FurtherQuery, fetchByAll } from './photos/further-queries.ts'
import type { PageRequest, RankedOffers } from './search-page.ts'
import { createRankUpstreamResults, type RankUpstreamResultsDeps } from './upstream-results.ts'

export interface SearchDeps extends RankUpstreamResultsDeps {
  upstreams: UpstreamClients
  sources: Sources
  failover: Failover
  takeRemarks: TakeRemarks
  now: () => number
}

export interface SearchRequest<Query> extends PageRequest {
  /** As passed to the upstream. */
  query: Query
  /** Further pictures of the same thing; an upstream is searched by them as well if `maxCredits` allows. */
  further?: readonly FurtherQuery<Query>[]
  /** The picture's hash, or the words. */
  queryId: string
  /** As reported in the answer. */
  label: string
  /** `null` for a keyword search. */
  picture: QueryPicture | null
  /** The search of an upstream, if it has one. */
  searchOf(upstream: UpstreamClient): UpstreamSearch<Query> | null
  /** @param sources the sources to search. */
  searchCatalogue(sources: readonly string[]): Promise<RankedOffers>
  /** How many known offers of these sources pass the filters. */
  countKnown(sources: readonly string[]): Promise<number>
}

/** What an upstream contributed: the offers it found, or pages of its index. */
type Found = { rows: UpstreamRows; remarks: Remark[] } | { index: MirrorReport | null }

export function createSearch(deps: SearchDeps) {
  const { upstreams, sources: searched, failover, takeRemarks, now } = deps
  const rankUpstreamResults = createRankUpstreamResults(deps)
  const findOwnMatches = createFindOwnMatches(deps)

  return async function search<Query>(request: SearchRequest<Query>, call: CallOptions): Promise<SearchResult> {
    const onPlace = remarksOnPlace(request.filters)
    const { maxCredits } = request
    const limited = maxCredits === undefined ? call : { ...call, payer: limitCredits(maxCredits, call.payer) }
    const ask = (upstream: UpstreamClient, attempt: UpstreamCallOptions) => askUpstream(request, upstream, attempt)
    const own = request.catalogue === undefined ? null : await searched.named(request.catalogue)
    const answer =
      own === null
        ? await failover<Found>(ask, limited).catch(error => catalogueAlone(error, call))
        : { ...fetchedNow<Found>({ index: null }, now()), answeredBy: upstreams[0], passedOver: [] }
    const sources = own === null ? await searched.searchedWith(answer.answeredBy) : [own]
    const { retrievedAt, remarks: onOffers, ...offers } = await rank(request, answer, sources, call)
    const shown = offers.products.map(({ source }) => source)
    const { credits, remarks } = await creditsAndRemarks(answer, takeRemarks())
    const { page, pageSize, label } = request
    const onIndex = 'index' in answer.value ? remarksOnIndex(answer.value.index) : []
    return {
      ...offers,
      source: sourceReport(
        reportedSource(answer.answeredBy, sources),
        retrievedAt,
        now(),
        answer.staleBecause !== null,
      ),
      page,
      pageSize,
      query: label,
      credits,
      remarks: [...(await searched.remarksOn(sources, shown)), ...remarks, ...onIndex, ...onPlace, ...onOffers],
    }
  }

  async function askUpstream<Query>(
    request: SearchRequest<Query>,
    upstream: UpstreamClient,
    call: UpstreamCallOptions,
  ): Promise<Fetched<Found>> {
    const search = request.searchOf(upstream)
    if (search !== null) {
      const { remarks, ...rows } = await fetchByAll(upstream.name, search, request, call)
      return { ...rows, value: { rows: rows.value, remarks } }
    }
    const { queryId, page, pageSize, filters } = request
    const sources = await searched.searchedWith(upstream)
    if (!sources.includes(upstream.name)) return fetchedNow({ index: null }, now())
    const isShort = async () => (await request.countKnown(sources)) < page * pageSize
    const { maxCredits = upstream.creditsPerCall } = request
    const further = maxCredits > upstream.creditsPerCall ? { maxCredits, isShort } : undefined
    // A larger budget buys more pages, so it is not the same search.
    const searchId = JSON.stringify([queryId, page, pageSize, filters, ...(further ? [maxCredits] : [])])
    if (upstream.mirror !== null && maxCredits >= upstream.creditsPerCall) {
      const index = await upstream.mirror.fillFor(request, searchId, call, further)
      return { ...index, value: { index: index.value } }
    }
    const index = (await upstream.mirror?.report()) ?? null
    return fetchedNow({ index }, now())
  }

  async function rank<Query>(
    request: SearchRequest<Query>,
    { answeredBy, value, retrievedAt, staleBecause }: Answered<Found>,
    sources: readonly string[],
    call: CallOptions,
  ): Promise<RankedOffers> {
    if ('rows' in value) {
      const answer = { upstream: answeredBy.name, rows: value.rows, retrievedAt, sources }
      const ranked = await rankUpstreamResults(answer, request, call)
      const own = await findOwnMatches(request, ranked.products, call.signal)
      return { ...ranked, remarks: [...own, ...ranked.remarks, ...value.remarks] }
    }
    const matches = await request.searchCatalogue(sources)
    throwIfAborted(call.signal)
    if (matches.match.known === 0 && staleBecause) throw staleBecause
    return matches
  }

  /** If no upstream could answer, the catalogue still does; the failure only matters if it is empty. */
  async function catalogueAlone(error: unknown, { signal }: CallOptions): Promise<Answered<Found>> {
    throwIfAborted(signal, error)
    if (!(error instanceof AppError) || error.code === 'internal') throw error
    const [answeredBy] = upstreams
    const index = (await answeredBy.mirror?.report()) ?? null
    const { creditsSpent } = error
    return { answeredBy, value: { index }, creditsSpent, retrievedAt: now(), staleBecause: error, passedOver: [] }
  }
}
