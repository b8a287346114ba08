/** Owns ranking the offers that are known by likeness to a picture. */
import type { Catalogue, NearestResult } from '../../catalogue/catalogue.ts'
import { throwIfAborted } from '../../errors.ts'
import type { MatchReport, Remark } from '../../offers/results/results.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { withinTime } from '../../time/deadline.ts'
import { settledOrAborted } from '../../time/unless-aborted.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import type { Embedder } from '../../vision/embedder.ts'
import { likenessOf } from '../../vision/likeness.ts'
import { ageOf, distinctPage, hitsFor } from '../catalogue-sources.ts'
import type { PictureIndexer } from '../picture-indexer.ts'
import { filteredKnown, isFiltered } from './offer-filter.ts'
import { rankedOffer } from './ranked-offer.ts'
import type { Known } from './search.ts'
import type { Wanted } from './upstream-results.ts'

/** What {@link createRankKnown} needs. */
export interface RankKnownDeps {
  catalogue: Catalogue
  embedder: Embedder
  indexer: PictureIndexer
  now: () => number
}

/** Makes the ranking. */
export function createRankKnown({ catalogue, embedder, indexer, now }: RankKnownDeps) {
  /** @param names of the sources that are ranked. */
  return async function rankKnown(
    names: readonly string[],
    wanted: Wanted,
    vectors: Int8Array[],
    call: CallOptions,
  ): Promise<Known> {
    await compareNewPictures(names, call)
    const { filters } = wanted
    const range = { offset: 0, limit: hitsFor(wanted, names) }
    const ranked = await catalogue.nearest({ model: embedder.id, vectors, sources: names, filters, ...range })
    const { shown, totalFound } = distinctPage(ranked.hits, ranked.compared, wanted)
    const match = matchOf(ranked)
    const onFilters = isFiltered(filters) ? [filteredKnown(await countKnown(names), ranked.known, filters)] : []
    return {
      products: shown.map(hit => rankedOffer(hit, embedder.id, hit.cosine)),
      totalFound,
      match,
      ...ageOf(shown, now()),
      remarks: [...onFilters, ...remarksOf(ranked, match)],
    }
  }

  async function countKnown(names: readonly string[]): Promise<number> {
    const stats = (await catalogue.stats(embedder.id)).filter(({ source }) => names.includes(source))
    return stats.reduce((sum, { offers }) => sum + offers, 0)
  }

  /** Waits a while for the pictures of offers that were never compared. */
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
