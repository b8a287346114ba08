/** Owns the search by picture: it is read and understood before anything is asked, so that one that cannot be used costs no credit. */
import type { OfferFilters } from '../../catalogue/catalogue.ts'
import type { SearchResult } from '../../offers/results/results.ts'
import type { ImageSource } from '../../pictures/reference.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import { createRankKnown } from './rank-catalogue.ts'
import { createSearch, type SearchDeps } from './search.ts'

export interface ImageSearch {
  /** URL, data: URL, path or `sample:` reference. */
  image: string
  /** From 1. */
  page: number
  /** 1-60. */
  pageSize: number
  filters: OfferFilters
}

export interface ImageSearchDeps extends SearchDeps {
  images: ImageSource
}

/** Makes the use case. */
export function createSearchByImage(deps: ImageSearchDeps) {
  const search = createSearch(deps)
  const rankKnown = createRankKnown(deps)

  return async function searchByImage(
    { image, page, pageSize, filters }: ImageSearch,
    call: CallOptions,
  ): Promise<SearchResult> {
    const picture = await deps.images.read(image, call.signal)
    const vectors = await deps.embedder.embed(picture.bytes, 'query', call.signal)
    const wanted = { page, pageSize, filters }
    return search(
      {
        ...wanted,
        what: picture,
        query: picture.label,
        vectors,
        searchOf: ({ pictures }) => pictures,
        searchKnown: names => rankKnown(names, wanted, vectors, call),
      },
      call,
    )
  }
}
