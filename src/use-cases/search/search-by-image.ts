/** Owns the search by picture: it is read and understood before anything is asked, so that one that cannot be used costs no credit. */
import type { SearchResult } from '../../offers/results/results.ts'
import type { ImageSource } from '../../pictures/reference.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import type { ImageSearch } from '../use-cases.ts'
import { createRankKnown } from './rank-catalogue.ts'
import { createSearch, type SearchDeps } from './search.ts'

/** What {@link createSearchByImage} needs. */
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
