/**
 * The local copy of a product index, for an upstream that does not match pictures. A credit buys a call, not a row, so
 * pages are always fetched at full size, once per round, and an interrupted round resumes where it stopped.
 */
import type { Catalogue, MirrorState } from '../catalogue/catalogue.ts'
import { throwIfAborted, withMoreCredits } from '../errors.ts'
import { createPermits } from '../limits/gate/permits.ts'
import { type Fetched, fetchedNow } from '../offers/results/fetched.ts'
import type { MirrorReport, Remark } from '../offers/results/results.ts'
import { CALL_BUDGET } from '../time/call-budget.ts'
import type { IndexPage } from '../upstreams/port.ts'
import type { UpstreamCallOptions } from './metered-call.ts'
import type { PageWindow } from './paging.ts'

export interface UpstreamIndex {
  /** The most rows one call can return. */
  readonly maxPageSize: number
  fetchPage(page: number, call: UpstreamCallOptions): Promise<Fetched<IndexPage>>
}

export interface MirrorDeps {
  catalogue: Catalogue
  /** Name of the upstream. */
  source: string
  index: UpstreamIndex
  creditsPerPage: number
  /** How long a complete copy stays fresh. */
  ttlMs: number
  /** Runs `fill` unless a search with this ID has been answered before, in whichever process; then costs nothing. */
  oncePerSearch(
    searchId: string,
    call: UpstreamCallOptions,
    fill: (call: UpstreamCallOptions) => Promise<Fetched<MirrorReport>>,
  ): Promise<Pick<Fetched<unknown>, 'creditsSpent'>>
  now: () => number
}

export interface AdvanceOptions extends UpstreamCallOptions {
  /** Stops before the total cost would exceed this. */
  maxCredits: number
  /** Waits for the limits until then at most, milliseconds since 1970. Default: each page has `maxWaitMs`. */
  waitUntil?: number | undefined
  /** Stops once this many offers are in the copy, whichever process fetched them. Default: no limit. */
  enough?: number
  /** Called when a page is stored. */
  onPage?: (report: MirrorReport, creditsSpent: number) => void
}

/** Pages of the index that a search buys besides its first one. */
export interface FurtherPages {
  /** For all of the search. */
  maxCredits: number
  /** Whether the copy cannot fill the page of the search yet. */
  isShort(): Promise<boolean>
}

export interface Mirror {
  report(): Promise<MirrorReport>
  /**
   * Fetches missing pages in order until the copy is complete or the credits are used. Calls in one process take turns.
   * @throws AppError of the upstream; pages fetched until then stay.
   */
  advance(options: AdvanceOptions): Promise<Fetched<MirrorReport>>
  /**
   * Fetches one missing page for a search, or all of them if they are free. A repeated search fetches nothing, and
   * neither does a later page of the results that the copy can already fill: new offers would shift the order, repeating
   * some and hiding others. Nor does a page past the end of the index.
   * @param searchId tells this search from others: picture or words, page and filters.
   * @param further pages, where one is not enough.
   * @throws AppError of the upstream.
   */
  fillFor(
    window: PageWindow,
    searchId: string,
    call: UpstreamCallOptions,
    further?: FurtherPages,
  ): Promise<Fetched<MirrorReport>>
}

/** Asks no upstream before the first {@link Mirror.advance}. */
export function createMirror(deps: MirrorDeps): Mirror {
  const { catalogue, source, index, creditsPerPage, ttlMs, oncePerSearch, now } = deps
  const pageSize = index.maxPageSize
  const turn = createPermits(1)

  const stateNow = async (): Promise<MirrorState> => {
    const state = (await catalogue.getMirror(source)) ?? { pagesFetched: 0, totalFound: null, completedAt: null }
    const isDue = state.completedAt !== null && now() - state.completedAt >= ttlMs && isWhole(state, pageSize)
    return isDue ? { ...state, pagesFetched: 0 } : state
  }

  const advanceNow = async (options: AdvanceOptions) => {
    const { maxCredits, enough = Number.POSITIVE_INFINITY, waitUntil, onPage, ...call } = options
    throwIfAborted(call.signal)
    let state = await stateNow()
    let creditsSpent = 0
    const isEnough = () => isWhole(state, pageSize) || state.pagesFetched * pageSize >= enough
    while (!isEnough() && creditsSpent + creditsPerPage <= maxCredits) {
      throwIfAborted(call.signal)
      const page = state.pagesFetched + 1
      const patience = waitUntil === undefined ? {} : { maxWaitMs: Math.max(0, waitUntil - now()) }
      const { value, creditsSpent: cost } = await index.fetchPage(page, { ...call, ...patience })
      creditsSpent += cost
      state = nextState(state, value, page, pageSize, now())
      await catalogue.putMirrorPage(source, value.offers, state, now())
      onPage?.(reportOf(state, pageSize, creditsPerPage), creditsSpent)
    }
    return fetchedNow(reportOf(state, pageSize, creditsPerPage), now(), creditsSpent)
  }

  const report = async () => reportOf(await stateNow(), pageSize, creditsPerPage)

  const advance: Mirror['advance'] = async options => {
    const message = 'waiting for another call that copies the index'
    const endTurn = await turn.take(options.signal, () => options.onProgress?.({ done: 0, message }))
    try {
      return await advanceNow(options)
    } finally {
      endTurn()
    }
  }

  const fillFor: Mirror['fillFor'] = async ({ page, pageSize: rows }, searchId, call, further) => {
    const state = await stateNow()
    const known = reportOf(state, pageSize, creditsPerPage)
    if (creditsPerPage === 0) return advance({ ...call, maxCredits: Number.POSITIVE_INFINITY })
    const isFilled = async () => page > 1 && known.fetched >= page * rows && !(await further?.isShort())
    const isPastEnd = !call.refresh && page > 1 && known.total !== null && (page - 1) * rows >= known.total
    if (known.creditsToFinish === 0 || isPastEnd || (await isFilled())) return fetchedNow(known, now())
    const patienceMs = CALL_BUDGET.queueForIndexPage.callerMs
    const maxWaitMs = Math.min(call.maxWaitMs ?? patienceMs, patienceMs)
    // One page beyond what this search saw: if several searches start at once, one buys it for all of them.
    const onePage = { maxCredits: creditsPerPage, enough: known.fetched + 1 }
    // What an earlier search fetched may be gone: the catalogue was emptied, or damaged.
    const isEmpty = state.pagesFetched === 0 && state.completedAt === null
    const refresh = call.refresh ?? false
    const { creditsSpent } = await oncePerSearch(searchId, { ...call, refresh: refresh || isEmpty }, async shared => {
      const first = await advance({ ...shared, refresh, ...onePage, ...(known.fetched > 0 ? { maxWaitMs } : {}) })
      // What is reserved already is the price of one page.
      return further ? fillFurther(first, { ...shared, payer: call.payer, refresh, maxWaitMs }, further) : first
    })
    return fetchedNow(await report(), now(), creditsSpent)
  }

  const fillFurther = async (
    first: Fetched<MirrorReport>,
    call: UpstreamCallOptions,
    { maxCredits, isShort }: FurtherPages,
  ): Promise<Fetched<MirrorReport>> => {
    let last = first
    const mayBuy = () => last.value.creditsToFinish !== 0 && last.creditsSpent + creditsPerPage <= maxCredits
    while (mayBuy() && (await isShort())) {
      const { creditsSpent } = last
      const onePage = { maxCredits: creditsPerPage, enough: last.value.fetched + 1 }
      const next = await advance({ ...call, ...onePage }).catch(error => {
        throw withMoreCredits(error, creditsSpent)
      })
      last = { ...next, creditsSpent: creditsSpent + next.creditsSpent }
    }
    return last
  }

  return { report, advance, fillFor }
}

export function remarksOnIndex(report: MirrorReport | null): Remark[] {
  return report === null || report.creditsToFinish === 0 ? [] : [{ kind: 'index_incomplete', ...report }]
}

/** An empty page also ends an index whose size was reported wrongly or not at all. */
function nextState(state: MirrorState, page: IndexPage, pageNumber: number, pageSize: number, at: number): MirrorState {
  const isLast = page.offers.length < pageSize && page.totalFound === null
  const seen = (pageNumber - 1) * pageSize + page.offers.length
  const totalFound = page.offers.length === 0 || isLast ? seen : page.totalFound
  const next = { pagesFetched: pageNumber, totalFound, completedAt: state.completedAt }
  return isWhole(next, pageSize) ? { ...next, completedAt: at } : next
}

function isWhole(state: MirrorState, pageSize: number): boolean {
  return state.pagesFetched > 0 && state.totalFound !== null && state.pagesFetched * pageSize >= state.totalFound
}

function reportOf(state: MirrorState, pageSize: number, creditsPerPage: number): MirrorReport {
  const fetched = state.pagesFetched * pageSize
  const total = state.totalFound
  const pagesLeft = total === null ? null : Math.max(0, Math.ceil(total / pageSize) - state.pagesFetched)
  return {
    fetched: total === null ? fetched : Math.min(fetched, total),
    total,
    creditsToFinish: isWhole(state, pageSize) ? 0 : pagesLeft === null ? null : pagesLeft * creditsPerPage,
  }
}
