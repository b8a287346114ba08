/** Ranks the catalogue by likeness to a picture. */
import type { Catalogue, NearestResult } from '../../catalogue/catalogue.ts'
import { throwIfAborted } from '../../errors.ts'
import type { MatchReport, Remark } from '../../offers/results/results.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { withinTime } from '../../time/deadline.ts'
import { settledOrAborted } from '../../time/unless-aborted.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import type { Embedder } from '../../vision/embedder.ts'
import { likenessOf } from '../../vision/likeness.ts'
import { distinctPage, hitsFor, oldestOf } from '../catalogue-sources.ts'
import type { PictureIndexer } from '../picture-indexer.ts'
import { filteredKnown, isFiltered } from './offer-filter.ts'
import { type PageRequest, type RankedOffers, rankedOffer } from './search-page.ts'

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
    const range = { offset: 0, limit: hitsFor(request, names) }
    const ranked = await catalogue.nearest({ model: embedder.id, vectors, sources: names, filters, ...range })
    const { shown, totalFound } = distinctPage(ranked.hits, ranked.compared, request)
    const match = matchOf(ranked)
    const onFilters = isFiltered(filters) ? [filteredKnown(await countKnown(names), ranked.known, filters)] : []
    return {
      products: shown.map(hit => rankedOffer(hit, embedder.id, hit.cosine)),
      totalFound,
      match,
      retrievedAt: oldestOf(shown),
      remarks: [...onFilters, ...remarksOf(ranked, match)],
    }
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
