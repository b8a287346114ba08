/** Owns paging through an upstream's index as it is, ranked by nothing: what one mcp-1688 needs to mirror the index of another. */
import { AppError } from '../errors.ts'
import type { OfferSummary } from '../offers/offer.ts'
import type { Remark, SearchResult } from '../offers/result.ts'
import type { CallOptions, IndexRequest } from './services.ts'
import type { ClientIndex, UpstreamClient } from './upstream-client.ts'

/** What {@link createListIndex} needs. */
export interface ListIndexDeps {
  client: UpstreamClient
  standingRemarks: readonly Remark[]
  now: () => number
}

/** Makes the use case. */
export function createListIndex({ client, standingRemarks, now }: ListIndexDeps) {
  return async function listIndex(request: IndexRequest, call: CallOptions): Promise<SearchResult> {
    if (client.index === null) throw noIndex()
    const rows = await fetchRows(client.index, request, call)
    const ageS = Math.max(0, Math.round((now() - rows.retrievedAt) / 1000))
    const remarks: Remark[] = [...standingRemarks]
    if (client.limitsNotShared) remarks.push({ kind: 'limits_not_shared' })
    return {
      products: rows.offers.map(offer => ({ offer, source: client.name, similarity: null, likeness: null })),
      page: request.page,
      pageSize: request.pageSize,
      totalFound: rows.totalFound,
      query: request.query,
      match: { method: 'none', compared: 0, known: rows.totalFound ?? 0, embedder: null, best: null },
      source: { upstream: client.name, retrievedAt: rows.retrievedAt, ageS, stale: false },
      credits: { spent: rows.creditsSpent, remaining: (await client.usage())?.creditsLeft ?? null },
      remarks,
    }
  }
}

/** A credit buys a page of full size, so smaller pages are cut out of the one or two full ones that hold them. */
async function fetchRows(index: ClientIndex, { page, pageSize }: IndexRequest, call: CallOptions) {
  const first = (page - 1) * pageSize
  const size = index.maxPageSize
  const offers: OfferSummary[] = []
  let totalFound: number | null = null
  let creditsSpent = 0
  let retrievedAt = Number.POSITIVE_INFINITY
  for (let number = Math.floor(first / size) + 1; (number - 1) * size < first + pageSize; number++) {
    const fetched = await index.fetchPage(number, call)
    offers.push(...fetched.value.offers)
    totalFound = fetched.value.totalFound
    creditsSpent += fetched.creditsSpent
    retrievedAt = Math.min(retrievedAt, fetched.retrievedAt)
    if (fetched.value.offers.length < size) break
  }
  return { offers: offers.slice(first % size, (first % size) + pageSize), totalFound, creditsSpent, retrievedAt }
}

function noIndex(): AppError {
  return new AppError({
    code: 'not_found',
    message: 'The upstream of this server has no index that can be paged through.',
    hint: 'Pass the address of a real picture as image_url.',
  })
}
