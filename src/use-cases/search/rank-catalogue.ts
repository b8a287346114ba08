/** Ranks the catalogue by likeness to a picture. */
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { throwIfAborted } from '../../errors.ts'
import { compareBy, createOfferFilter, isFiltered, type OfferFilters } from '../../offers/filters.ts'
import type { Remark } from '../../offers/results/results.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { withinTime } from '../../time/deadline.ts'
import { settledOrAborted } from '../../time/unless-aborted.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import type { Embedder } from '../../vision/embedder.ts'
import { distinctPage, hitsFor, oldestOf } from '../catalogue-sources.ts'
import { indexCallOf, type PictureIndexer } from '../picture-indexer.ts'
import {
  type ComparedOffer,
  type ComparedOffers,
  createComparePictures,
  type QueryPicture,
} from './compare-pictures.ts'
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
  const compare = createComparePictures({ catalogue, embedder })

  /** @param names the sources to rank. */
  return async function rankCatalogue(
    names: readonly string[],
    request: PageRequest,
    picture: QueryPicture,
    call: CallOptions,
  ): Promise<RankedOffers> {
    await compareNewPictures(names, call)
    const { filters, except } = request
    const filter = createOfferFilter(filters)
    const limit = Math.max(hitsFor(request, names), isSorted(filters) ? SORTED_HITS : 0)
    const query = { sources: names, filters, except, limit }
    const ranked = await compare.nearest(picture, query, ({ offer }) => filter(offer)?.length === 0)
    const hits = isSorted(filters) ? inOrder(ranked.hits, filters) : ranked.hits
    const { shown, totalFound } = distinctPage(hits, ranked.compared, request)
    const { known, fitting, compared, best } = ranked
    const looked = isFiltered(filters) ? await catalogue.countOffers(names) : known
    return {
      products: shown.map(hit => rankedOffer({ ...hit, unlisted: filter(hit.offer) ?? [] }, hit)),
      totalFound,
      match: { method: 'visual', compared, known, embedder: embedder.id, best },
      retrievedAt: oldestOf(shown),
      remarks: [
        ...remarksOnFilters(filters, { looked, fitting, unlisted: known - fitting }),
        ...remarksOnOrder(filters, null, 'alike'),
        ...remarksOf(ranked),
      ],
    }
  }

  /** Sorts the offers that look alike, and the others after them; those that fit the filters first. */
  function inOrder(hits: readonly ComparedOffer[], filters: OfferFilters): ComparedOffer[] {
    const filter = createOfferFilter(filters)
    const compare = compareBy(filters.sort ?? 'best_match')
    const groupOf = ({ offer, likeness }: ComparedOffer) =>
      (filter(offer)?.length ? 2 : 0) + (likeness === 'not alike' ? 1 : 0)
    const sorted = hits
      .slice(0, SORTED_HITS)
      .map(hit => ({ hit, group: groupOf(hit) }))
      .toSorted((a, b) => a.group - b.group || compare(a.hit.offer, b.hit.offer))
    return [...sorted.map(({ hit }) => hit), ...hits.slice(SORTED_HITS)]
  }

  /** Gives new pictures a little time to be embedded. */
  async function compareNewPictures(names: readonly string[], call: CallOptions): Promise<void> {
    const run = indexer.run(names, indexCallOf(call))
    await withinTime(CALL_BUDGET.indexingKnown.callerMs, call.signal, signal => settledOrAborted(run, signal))
    throwIfAborted(call.signal)
  }

  function remarksOf({ known, compared, older, best, isNothingAlike }: ComparedOffers): Remark[] {
    const remarks: Remark[] = []
    const missing = known - compared
    if (missing > 0) {
      remarks.push(
        indexer.isRunning
          ? { kind: 'pictures_pending', pending: missing }
          : { kind: 'pictures_failed', failed: missing },
      )
    }
    if (older > 0) remarks.push({ kind: 'older_vectors', offers: older })
    if (best === 'similar' || best === 'not alike') remarks.push({ kind: 'nothing_alike', isSure: isNothingAlike })
    return remarks
  }
}
