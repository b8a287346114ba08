/** Owns the search by words; where no upstream can search them, the titles of what is known are. */
import type { OfferFilters } from '../../catalogue/catalogue.ts'
import { AppError } from '../../errors.ts'
import type { SearchResult } from '../../offers/results/results.ts'
import { cleanText } from '../../offers/text.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import { ageOf, distinctPage, hitsFor } from '../catalogue-sources.ts'
import { filteredKnown, isFiltered } from './offer-filter.ts'
import { rankedOffer } from './ranked-offer.ts'
import { createSearch, type Known, type SearchDeps } from './search.ts'
import type { Wanted } from './upstream-results.ts'

/** The longest query that is passed on, in characters: 1688 itself cuts long ones. */
const KEYWORD_MAX_CHARS = 100

export interface WordSearch {
  keyword: string
  /** From 1. */
  page: number
  /** 1-60. */
  pageSize: number
  filters: OfferFilters
}

export function createSearchByKeyword(deps: SearchDeps) {
  const { catalogue, embedder, now } = deps
  const search = createSearch(deps)

  return async function searchByKeyword(request: WordSearch, call: CallOptions): Promise<SearchResult> {
    const { page, pageSize, filters } = request
    const keyword = cleanText(request.keyword, KEYWORD_MAX_CHARS)
    if (keyword === null || !/[\p{L}\p{N}]/u.test(keyword)) throw noWords()
    const wanted = { page, pageSize, filters }
    return search(
      {
        ...wanted,
        what: keyword,
        query: keyword,
        vectors: [],
        searchOf: ({ keywords }) => keywords,
        searchKnown: names => searchTitles(names, keyword, wanted),
      },
      call,
    )
  }

  async function searchTitles(names: readonly string[], text: string, wanted: Wanted): Promise<Known> {
    const { filters } = wanted
    const range = { offset: 0, limit: hitsFor(wanted, names) }
    const { offers, found } = await catalogue.searchKeyword({ text, sources: names, filters, ...range })
    const { shown, totalFound } = distinctPage(offers, found, wanted)
    const onFilters = isFiltered(filters) ? [filteredKnown(await countFound(names, text), found, filters)] : []
    const stats = (await catalogue.stats(embedder.id)).filter(({ source }) => names.includes(source))
    const known = stats.reduce((sum, source) => sum + source.offers, 0)
    return {
      products: shown.map(hit => rankedOffer(hit, embedder.id)),
      totalFound,
      match: { method: 'none', compared: 0, known, embedder: null, best: null },
      ...ageOf(shown, now()),
      remarks: [{ kind: 'titles_searched', known }, ...onFilters],
    }
  }

  /** How many there are without filters. */
  async function countFound(names: readonly string[], text: string): Promise<number> {
    const { found } = await catalogue.searchKeyword({ text, sources: names, filters: {}, offset: 0, limit: 0 })
    return found
  }
}

function noWords(): AppError {
  return new AppError({
    code: 'invalid_input',
    message: 'keyword has no word in it.',
    hint: 'Pass what the goods are called, best in Chinese, for example 不锈钢保温杯.',
  })
}
