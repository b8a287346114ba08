/** What a search would spend on its first upstream, without asking it. */
import type { OfferFilters } from '../../offers/filters.ts'
import type { DecoderPool } from '../../pictures/decoder/pool.ts'
import type { Picture } from '../../pictures/reader.ts'
import type { UpstreamSearch } from '../../upstream-calls/cached-search.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import type { UpstreamClients } from '../../upstream-calls/failover.ts'
import { appliedUpstream } from '../../upstreams/search-filters.ts'

export interface PriceSearchDeps {
  upstreams: UpstreamClients
  decoder: DecoderPool
}

export function createPriceSearch({ upstreams, decoder }: PriceSearchDeps) {
  // Whether the others are needed is known when it fails.
  const [first] = upstreams

  const priceOf = async <Query>(
    search: UpstreamSearch<Query> | null,
    query: Query,
    filters: OfferFilters,
    call: CallOptions,
  ): Promise<number> => {
    if (search) {
      const page = { page: 1, pageSize: search.maxPageSize, ...appliedUpstream(search.applies, filters) }
      return (await search.priceOf(query, page, call)) ?? 0
    }
    const index = await first.mirror?.report()
    return index === undefined || index.creditsToFinish === 0 ? 0 : first.creditsPerCall
  }

  return {
    ofPicture: (picture: Picture, filters: OfferFilters, call: CallOptions) =>
      priceOf(
        first.pictures,
        { ...picture, small: () => decoder.small(picture.bytes, { owner: 'caller' }) },
        filters,
        call,
      ),
    ofWords: (keyword: string, filters: OfferFilters, call: CallOptions) =>
      priceOf(first.keywords, keyword, filters, call),
  }
}
