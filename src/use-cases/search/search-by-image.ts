/**
 * Search by picture. The picture is read and embedded before an upstream is asked, so an unusable one costs no credit.
 */
import type { SearchResult } from '../../offers/results/results.ts'
import type { DecoderPool } from '../../pictures/decoder/pool.ts'
import type { PictureReader } from '../../pictures/reader.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import { createRankCatalogue } from './rank-catalogue.ts'
import { createSearch, type SearchDeps } from './search.ts'
import type { PageRequest } from './search-page.ts'

export interface ImageSearch extends PageRequest {
  /** URL, data: URL, path or `sample:` reference. */
  image: string
}

export interface ImageSearchDeps extends SearchDeps {
  decoder: DecoderPool
  pictureReader: PictureReader
}

export function createSearchByImage(deps: ImageSearchDeps) {
  const search = createSearch(deps)
  const rankCatalogue = createRankCatalogue(deps)

  return async function searchByImage(
    { image, ...pageRequest }: ImageSearch,
    call: CallOptions,
  ): Promise<SearchResult> {
    const picture = await deps.pictureReader.read(image, call.signal)
    const vectors = await deps.embedder.embed(picture.bytes, 'query', call.signal)
    return search(
      {
        ...pageRequest,
        // Not ended with the call: other callers may wait for the same answer.
        query: { ...picture, small: () => deps.decoder.small(picture.bytes, { owner: 'caller' }) },
        queryId: picture.sha256,
        label: picture.label,
        vectors,
        searchOf: ({ pictures }) => pictures,
        searchCatalogue: names => rankCatalogue(names, pageRequest, vectors, call),
        countKnown: async sources => {
          const query = { model: deps.embedder.id, vectors, sources, filters: pageRequest.filters }
          return (await deps.catalogue.nearest({ ...query, offset: 0, limit: 0 })).known
        },
      },
      call,
    )
  }
}
