/** Search by words; if no upstream has a keyword search, in the titles of the catalogue. */
import { type AppError, invalidInput } from '../../errors.ts'
import { createOfferFilter, isFiltered, type OfferFilters } from '../../offers/filters.ts'
import type { SearchResult } from '../../offers/results/results.ts'
import { cleanText } from '../../offers/text.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import { distinctPage, hitsFor, oldestOf } from '../catalogue-sources.ts'
import { remarksOnFilters, remarksOnOrder } from './offer-filter.ts'
import { createSearch, type SearchDeps } from './search.ts'
import { type PageRequest, type RankedOffers, rankedOffer } from './search-page.ts'

/** In characters; 1688 cuts longer queries itself. */
const KEYWORD_MAX_CHARS = 100

export interface WordSearch extends PageRequest {
  keyword: string
}

export function createSearchByKeyword(deps: SearchDeps) {
  const { catalogue } = deps
  const search = createSearch(deps)

  return async function searchByKeyword(request: WordSearch, call: CallOptions): Promise<SearchResult> {
    const { keyword: words, ...pageRequest } = request
    const keyword = keywordOf(words)
    return search(
      {
        ...pageRequest,
        query: keyword,
        queryId: keyword,
        label: keyword,
        picture: null,
        searchOf: ({ keywords }) => keywords,
        searchCatalogue: names => searchTitles(names, keyword, pageRequest),
        countKnown: names => countFound(names, keyword, pageRequest.filters),
      },
      call,
    )
  }

  async function searchTitles(names: readonly string[], text: string, request: PageRequest): Promise<RankedOffers> {
    const { filters } = request
    const range = { offset: 0, limit: hitsFor(request, names) }
    const { offers, found, fitting } = await catalogue.searchKeyword({ text, sources: names, filters, ...range })
    const { shown, totalFound } = distinctPage(offers, found, request)
    const looked = isFiltered(filters) ? await countFound(names, text, {}) : found
    const known = await catalogue.countOffers(names)
    const filter = createOfferFilter(filters)
    return {
      products: shown.map(hit => rankedOffer({ ...hit, unlisted: filter(hit.offer) ?? [] })),
      totalFound,
      match: { method: 'none', compared: 0, known, embedder: null, best: null },
      retrievedAt: oldestOf(shown),
      remarks: [
        { kind: 'titles_searched', known },
        ...remarksOnFilters(filters, { looked, fitting, unlisted: found - fitting }),
        ...remarksOnOrder(filters, null, null),
      ],
    }
  }

  async function countFound(names: readonly string[], text: string, filters: OfferFilters): Promise<number> {
    const { found } = await catalogue.searchKeyword({ text, sources: names, filters, offset: 0, limit: 0 })
    return found
  }
}

/** The words as an upstream gets them. @throws AppError `invalid_input` if there are none. */
export function keywordOf(words: string): string {
  const keyword = cleanText(words, KEYWORD_MAX_CHARS)
  if (keyword === null || !/[\p{L}\p{N}]/u.test(keyword)) throw noWords()
  return keyword
}

function noWords(): AppError {
  return invalidInput(
    'keyword contains no words.',
    'Pass the name of the goods, preferably in Chinese, for example 不锈钢保温杯.',
  )
}
