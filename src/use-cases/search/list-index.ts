/** Pages through an upstream's index unranked, so that another mcp-1688 can mirror it. */
import { AppError } from '../../errors.ts'
import { sourceReport } from '../../offers/results/fetched.ts'
import type { SearchResult, TakeRemarks } from '../../offers/results/results.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import { creditsAndRemarks, SAMPLE_SOURCE, type UpstreamClients } from '../../upstream-calls/failover.ts'
import { fetchWindow, type PageWindow } from '../../upstream-calls/paging.ts'

export interface IndexRequest extends PageWindow {
  /** Reported as the query. */
  query: string
}

export interface ListIndexDeps {
  upstreams: UpstreamClients
  takeRemarks: TakeRemarks
  now: () => number
}

/** Uses the index of the first upstream that has one. */
export function createListIndex({ upstreams, takeRemarks, now }: ListIndexDeps) {
  return async function listIndex(request: IndexRequest, call: CallOptions): Promise<SearchResult> {
    const upstream = upstreams.find(({ index }) => index !== null)
    const index = upstream?.index
    if (upstream === undefined || !index) throw noIndex()
    const fetched = await fetchWindow(request, {
      size: index.maxPageSize,
      fetch: page => index.fetchPage(page, call),
    })
    const { name } = upstream
    const { offers, totalFound, hasMore } = fetched.value
    return {
      products: offers.map(offer => ({ offer, source: name, similarity: null, likeness: null, unlisted: [] })),
      page: request.page,
      pageSize: request.pageSize,
      totalFound,
      hasMore,
      query: request.query,
      match: { method: 'none', compared: 0, known: totalFound ?? 0, embedder: null, best: null },
      source: sourceReport(name, fetched.retrievedAt, now(), fetched.staleBecause !== null),
      ...(await creditsAndRemarks({ ...fetched, answeredBy: upstream, passedOver: [] }, [
        ...(name === SAMPLE_SOURCE ? [{ kind: 'sample_data' as const }] : []),
        ...takeRemarks(),
      ])),
    }
  }
}

function noIndex(): AppError {
  return new AppError({
    code: 'not_found',
    message: 'None of the configured upstreams has an index to page through.',
    hint: 'Pass the address of a real picture as image_url.',
  })
}
