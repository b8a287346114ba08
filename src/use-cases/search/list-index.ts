/** Owns paging through an upstream's index as it is, ranked by nothing: what one mcp-1688 needs to mirror the index of another. */
import { AppError } from '../../errors.ts'
import type { Remark, SearchResult } from '../../offers/results/results.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import { frameOf, type Sources } from '../../upstream-calls/failover.ts'
import { fetchWindow } from '../../upstream-calls/paging.ts'

export interface IndexRequest {
  /** From 1. */
  page: number
  /** 1-60. */
  pageSize: number
  /** What the answer names as the query. */
  query: string
}

export interface ListIndexDeps {
  sources: Sources
  standingRemarks: readonly Remark[]
  now: () => number
}

/** Makes the use case; the index is that of the first source that has one. */
export function createListIndex({ sources, standingRemarks, now }: ListIndexDeps) {
  return async function listIndex(request: IndexRequest, call: CallOptions): Promise<SearchResult> {
    const source = sources.find(({ client }) => client.index !== null)
    const index = source?.client.index
    if (source === undefined || !index) throw noIndex()
    const rows = await fetchWindow(request, index.maxPageSize, page => index.fetchPage(page, call))
    const { name } = source.client
    const { totalFound, hasMore, retrievedAt, staleBecause } = rows
    return {
      products: rows.offers.map(offer => ({ offer, source: name, similarity: null, likeness: null })),
      page: request.page,
      pageSize: request.pageSize,
      totalFound,
      hasMore,
      query: request.query,
      match: { method: 'none', compared: 0, known: totalFound ?? 0, embedder: null, best: null },
      source: {
        upstream: name,
        retrievedAt,
        ageS: Math.max(0, Math.round((now() - retrievedAt) / 1000)),
        stale: staleBecause !== null,
      },
      ...(await frameOf({ ...rows, source, passedOver: [] }, standingRemarks)),
    }
  }
}

function noIndex(): AppError {
  return new AppError({
    code: 'not_found',
    message: 'No upstream of this server has an index that can be paged through.',
    hint: 'Pass the address of a real picture as image_url.',
  })
}
