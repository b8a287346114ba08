/** Ranks the catalogue by likeness to a picture. */
import type { Catalogue, CatalogueHit, NearestResult } from '../../catalogue/catalogue.ts'
import { throwIfAborted } from '../../errors.ts'
import { compareBy, createOfferFilter, isFiltered, type OfferFilters } from '../../offers/filters.ts'
import type { MatchReport, Remark } from '../../offers/results/results.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { withinTime } from '../../time/deadline.ts'
import { settledOrAborted } from '../../time/unless-aborted.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import type { Embedder } from '../../vision/embedder.ts'
import { likenessOf } from '../../vision/likeness.ts'
import { distinctPage, hitsFor, oldestOf } from '../catalogue-sources.ts'
import type { PictureIndexer } from '../picture-indexer.ts'
import { remarksOnFilters, remarksOnOrder } from './offer-filter.ts'
import { type PageRequest, type RankedOffers, rankedOffer } from './search-page.ts'

/** So many of the likest offers are sorted; the order of the rest matters little. */
const SORTED_HITS = 500

function isSorted({ sort = 'best_match' }: OfferFilters): boolean {
  return sort !== 'best_match'
}

export interface RankCatalogueDeps {
  catalogue: Catalogue
  embedder: Embedder
  indexer: PictureIndexer
}

export function createRankCatalogue({ catalogue, embedder, indexer }: RankCatalogueDeps) {
  /** @param names the sources to rank. */
  return async function rankCatalogue(
    names: readonly string[],
    request: PageRequest,
    vectors: Int8Array[],
    call: CallOptions,
  ): Promise<RankedOffers> {
    await compareNewPictures(names, call)
    const { filters } = request
    const filter = createOfferFilter(filters)
    const limit = Math.max(hitsFor(request, names), isSorted(filters) ? SORTED_HITS : 0)
    const ranked = await catalogue.nearest({ model: embedder.id, vectors, sources: names, filters, offset: 0, limit })
    const hits = isSorted(filters) ? inOrder(ranked.hits, filters) : ranked.hits
    const { shown, totalFound } = distinctPage(hits, ranked.compared, request)
    const match = matchOf(ranked)
    const { known, fitting } = ranked
    const looked = isFiltered(filters) ? await countKnown(names) : known
    return {
      products: shown.map(hit => rankedOffer({ ...hit, unlisted: filter(hit.offer) ?? [] }, embedder.id, hit.cosine)),
      totalFound,
      match,
      retrievedAt: oldestOf(shown),
      remarks: [
        ...remarksOnFilters(filters, { looked, fitting, unlisted: known - fitting }),
        ...remarksOnOrder(filters, null, 'alike'),
        ...remarksOf(ranked, match),
      ],
    }
  }

  /** Sorts the offers that look alike, and the weak ones after them; those that fit the filters first. */
  function inOrder(hits: readonly CatalogueHit[], filters: OfferFilters): CatalogueHit[] {
    const filter = createOfferFilter(filters)
    const compare = compareBy(filters.sort ?? 'best_match')
    const groupOf = ({ offer, cosine }: CatalogueHit) =>
      (filter(offer)?.length ? 2 : 0) + (likenessOf(cosine, embedder.id) === 'weak' ? 1 : 0)
    const sorted = hits
      .slice(0, SORTED_HITS)
      .map(hit => ({ hit, group: groupOf(hit) }))
      .toSorted((a, b) => a.group - b.group || compare(a.hit.offer, b.hit.offer))
    return [...sorted.map(({ hit }) => hit), ...hits.slice(SORTED_HITS)]
  }

  async function countKnown(names: readonly string[]): Promise<number> {
    const stats = (await catalogue.stats(embedder.id)).filter(({ source }) => names.includes(source))
    return stats.reduce((sum, { offers }) => sum + offers, 0)
  }

  /** Gives new pictures a little time to be embedded. */
  async function compareNewPictures(names: readonly string[], call: CallOptions): Promise<void> {
    const run = indexer.run(names, done => call.onProgress?.({ done, message: `${done} pictures compared` }))
    await withinTime(CALL_BUDGET.indexingKnown.callerMs, call.signal, signal => settledOrAborted(run, signal))
    throwIfAborted(call.signal)
  }

  function matchOf({ compared, known, bestCosine }: NearestResult): MatchReport {
    const best = bestCosine === null ? null : likenessOf(bestCosine, embedder.id)
    return { method: 'visual', compared, known, embedder: embedder.id, best }
  }

  function remarksOf(ranked: NearestResult, match: MatchReport): Remark[] {
    const remarks: Remark[] = []
    const missing = ranked.known - ranked.compared
    if (missing > 0) {
      remarks.push(
        indexer.isRunning
          ? { kind: 'pictures_pending', pending: missing }
          : { kind: 'pictures_failed', failed: missing },
      )
    }
    if (match.best === 'weak') remarks.push({ kind: 'nothing_alike' })
    return remarks
  }
}
