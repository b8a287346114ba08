/**
 * Search by picture. The picture is read and embedded before an upstream is asked, so an unusable one costs no credit.
 */
import { LRUCache } from 'lru-cache'
import { withMoreCredits } from '../../errors.ts'
import type { SearchResult } from '../../offers/results/results.ts'
import { isCut } from '../../pictures/decoder/cut.ts'
import type { DecoderPool } from '../../pictures/decoder/pool.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import type { EmbedQuery } from './embedding/embed-query.ts'
import { createQueryPictures, type QueryPictureDeps } from './query-picture.ts'
import { createRankCatalogue } from './rank-catalogue.ts'
import { createSearch, type SearchDeps } from './search.ts'
import type { PageRequest } from './search-page.ts'

/** Whose found offers are remembered: some hundred IDs each. */
const REMEMBERED_PICTURES = 200

export interface ImageSearch extends PageRequest {
  /** URL, data: URL, path, `sample:` reference, or an offer whose picture is meant. */
  image: string
}

export interface ImageSearchDeps extends SearchDeps, QueryPictureDeps {
  decoder: DecoderPool
  embedQuery: EmbedQuery
}

export function createSearchByImage(deps: ImageSearchDeps) {
  const queryPictures = createQueryPictures(deps)
  const search = createSearch(deps)
  const rankCatalogue = createRankCatalogue(deps)
  const found = new LRUCache<string, Set<string>>({ max: REMEMBERED_PICTURES })

  /** What upstreams found for a picture so far, on other pages as well. */
  const foundFor = (sha256: string): Set<string> => {
    const known = found.get(sha256) ?? new Set()
    found.set(sha256, known)
    return known
  }

  return async function searchByImage({ image, ...asked }: ImageSearch, call: CallOptions): Promise<SearchResult> {
    const { picture, offerId, creditsSpent: spentBefore } = await queryPictures.read(image, asked.maxCredits, call)
    const pageRequest: PageRequest = {
      ...asked,
      ...(offerId === null ? {} : { except: offerId }),
      ...(asked.maxCredits === undefined ? {} : { maxCredits: Math.max(0, asked.maxCredits - spentBefore) }),
    }
    const query = await deps.embedQuery(picture.bytes, foundFor(picture.sha256), call)
    const found = await search(
      {
        ...pageRequest,
        // Not ended with the call: other callers may wait for the same answer.
        query: { ...picture, small: () => deps.decoder.small(picture.bytes, { owner: 'caller' }) },
        queryId: picture.sha256,
        label: picture.label,
        picture: query,
        searchOf: ({ pictures }) => pictures,
        searchCatalogue: names => rankCatalogue(names, pageRequest, query, call),
        countKnown: async sources => {
          const { vectors } = query
          const known = { filters: pageRequest.filters, except: pageRequest.except }
          const all = { model: deps.embedder.id, vectors, sources, ...known, offset: 0, limit: 0 }
          return (await deps.catalogue.nearest(all)).known
        },
      },
      call,
    ).catch(error => {
      throw withMoreCredits(error, spentBefore)
    })
    const credits = { ...found.credits, spent: found.credits.spent + spentBefore }
    const remarks = isCut(picture.bytes) ? [...found.remarks, { kind: 'picture_cut' as const }] : found.remarks
    return { ...found, credits, remarks }
  }
}
