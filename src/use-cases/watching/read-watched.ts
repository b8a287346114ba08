/** Reads one watched offer or search again. */
import { isImport } from '../../catalogue/owners.ts'
import { AppError } from '../../errors.ts'
import { observedOf, type SeenOffer } from '../../offers/observation.ts'
import type { OfferSummary } from '../../offers/offer.ts'
import type { DetailsResult, Remark, SearchResult } from '../../offers/results/results.ts'
import type { Watched, WatchedOffer, WatchState } from '../../offers/watched.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import type { DetailsRequest } from '../offer/get-details.ts'
import type { ImageSearch } from '../search/search-by-image.ts'
import type { WordSearch } from '../search/search-by-keyword.ts'

export interface ReadWatchedDeps {
  getDetails: (request: DetailsRequest, call: CallOptions) => Promise<DetailsResult>
  searchByKeyword: (request: WordSearch, call: CallOptions) => Promise<SearchResult>
  searchByImage: (request: ImageSearch, call: CallOptions) => Promise<SearchResult>
  now: () => number
}

export interface Reading {
  state: WatchState
  /** Milliseconds since 1970. */
  retrievedAt: number
  creditsSpent: number
  remarks: Remark[]
}

/** The first page. */
const PAGE = { page: 1, pageSize: 20, filters: {} }

type Answer = Pick<DetailsResult, 'source' | 'credits' | 'remarks'>

export function createReadWatched({ getDetails, searchByKeyword, searchByImage, now }: ReadWatchedDeps) {
  /**
   * An answer that is young enough, as one that another call or a check that was killed has paid for, is not read
   * again. @throws AppError if there is no new answer.
   */
  return async function readWatched(watched: Watched, minAgeMs: number, call: CallOptions): Promise<Reading> {
    const { kind, target } = watched
    const isYoung = ({ source: { retrievedAt } }: Answer) => now() - (retrievedAt ?? 0) < minAgeMs
    if (kind === 'offer') {
      // No upstream knows an imported offer: its last import is all there is.
      const canRefresh = ({ source }: Answer) => !isImport(source.upstream)
      const ask = (options: CallOptions) => getDetails({ offerId: target }, options)
      try {
        const answer = await fresh(call, ask, canRefresh, isYoung)
        refuseImport(watched, answer)
        return readingOf(answer, [answer.details], canRefresh(answer))
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'not_found') throw error
        return goneReading(watched, error)
      }
    }
    const search = (options: CallOptions) =>
      kind === 'words'
        ? searchByKeyword({ keyword: target, ...PAGE }, options)
        : searchByImage({ image: target, ...PAGE }, options)
    // Only an upstream's own search can be refreshed; the catalogue is what it is.
    const canRefresh = ({ match }: SearchResult) => match.method === 'upstream'
    const answer = await fresh(call, search, canRefresh, isYoung)
    return readingOf(
      answer,
      answer.products.map(({ offer }) => offer),
      canRefresh(answer),
    )
  }

  async function fresh<Read extends Answer>(
    call: CallOptions,
    ask: (options: CallOptions) => Promise<Read>,
    canRefresh: (answer: Read) => boolean,
    isYoung: (answer: Read) => boolean,
  ): Promise<Read> {
    const answer = await ask(call)
    if (answer.source.stale) throw notNew(answer)
    if (isYoung(answer) || !canRefresh(answer)) return answer
    const again = await ask({ ...call, refresh: true })
    if (again.source.stale) throw notNew(again)
    return { ...again, credits: { ...again.credits, spent: again.credits.spent + answer.credits.spent } }
  }

  function readingOf({ source, credits, remarks }: Answer, offers: readonly SeenOffer[], isDated: boolean): Reading {
    return {
      state: { source: source.upstream, gone: false, offers: offers.map(watchedOf) },
      retrievedAt: isDated ? (source.retrievedAt ?? now()) : now(),
      creditsSpent: credits.spent,
      remarks: remarks.filter(({ kind }) => TOLD.has(kind)),
    }
  }

  /** An offer that was never read may as well be a wrong ID. */
  function goneReading({ state }: Watched, error: AppError): Reading {
    if (state === null) throw error
    return { state: { ...state, gone: true }, retrievedAt: now(), creditsSpent: error.creditsSpent, remarks: [] }
  }
}

/** What concerns the stores and the upstreams, rather than one search. */
const TOLD: ReadonlySet<Remark['kind']> = new Set([
  ...(['sample_data', 'catalogue_in_memory', 'history_not_kept', 'replies_set_aside', 'catalogue_set_aside'] as const),
  ...(['imports_restored', 'limits_not_shared', 'passed_over'] as const),
])

function watchedOf(offer: OfferSummary): WatchedOffer {
  return { offerId: offer.offerId, title: offer.title, facts: observedOf(offer) }
}

/** What the user's file says does not show that a listing changed. */
function refuseImport({ state }: Watched, { credits, remarks }: Answer): void {
  const instead = remarks.find(remark => remark.kind === 'imported_instead')
  if (instead === undefined || state === null || isImport(state.source)) return
  const { code, message, hint } = instead
  throw new AppError({ code, message, hint, creditsSpent: credits.spent })
}

/** An earlier answer stood in for one that could not be fetched. */
function notNew({ remarks }: Answer): AppError {
  const failed = remarks.find(remark => remark.kind === 'upstream_failed')
  return new AppError({
    code: failed?.code ?? 'upstream_unavailable',
    message: failed?.message ?? 'The upstream gave no new answer.',
    hint: failed?.hint ?? 'Try again later.',
    retryable: true,
  })
}
