/**
 * Owns the mirror: the local copy of the product index of an upstream that does not look at pictures. A credit buys a call, not a row, so
 * pages are always asked for at full size, each once per round, and a round that was cut short goes on where it stopped.
 */
import type { Catalogue, MirrorState } from '../catalogue/catalogue.ts'
import { throwIfAborted } from '../errors.ts'
import { settledOrAborted } from '../time/unless-aborted.ts'
import type { IndexPage } from '../upstreams/port.ts'
import type { ClientCall } from './metered-call.ts'
import type { ClientIndex } from './upstream-client.ts'

/** What {@link createMirror} needs. */
export interface MirrorDeps {
  catalogue: Catalogue
  /** The upstream's name. */
  source: string
  index: ClientIndex
  creditsPerPage: number
  /** How long a whole copy counts as fresh, in milliseconds. */
  ttlMs: number
  now: () => number
}

/** Where the copy stands. */
export interface MirrorReport {
  /** Offers fetched in this round, or in the last whole one. */
  fetched: number
  total: number | null
  /** Credits that a whole and fresh copy still costs; 0 once it is, `null` while the size is not known. */
  creditsToFinish: number | null
}

/** How far {@link Mirror.advance} may go. */
export interface AdvanceOptions extends ClientCall {
  /** Stops before a page that would cost more than this in all. */
  maxCredits: number
  /** Stops once so many offers are fetched, whoever paid for them. Default: no bound. */
  enough?: number
  /** Called when a page is kept. */
  onPage?: (report: MirrorReport, creditsSpent: number) => void
}

/** The local copy of one upstream's index. */
export interface Mirror {
  report(): Promise<MirrorReport>
  /**
   * Fetches missing pages, in order, until the copy is whole or the credits are used. Calls in one process take turns.
   * @throws AppError of the upstream; what was fetched until then is kept.
   */
  advance(options: AdvanceOptions): Promise<{ report: MirrorReport; creditsSpent: number }>
}

/** Makes a mirror. Asks nobody before the first {@link Mirror.advance}. */
export function createMirror(deps: MirrorDeps): Mirror {
  const { catalogue, source, index, creditsPerPage, ttlMs, now } = deps
  const pageSize = index.maxPageSize
  let turn: Promise<unknown> = Promise.resolve()

  const stateNow = async (): Promise<MirrorState> => {
    const state = (await catalogue.getMirror(source)) ?? { pagesFetched: 0, totalFound: null, completedAt: null }
    const isDue = state.completedAt !== null && now() - state.completedAt >= ttlMs && isWhole(state, pageSize)
    return isDue ? { ...state, pagesFetched: 0 } : state
  }

  const advance = async ({ maxCredits, enough = Number.POSITIVE_INFINITY, onPage, ...call }: AdvanceOptions) => {
    throwIfAborted(call.signal)
    let state = await stateNow()
    let creditsSpent = 0
    const isEnough = () => isWhole(state, pageSize) || state.pagesFetched * pageSize >= enough
    while (!isEnough() && creditsSpent + creditsPerPage <= maxCredits) {
      throwIfAborted(call.signal)
      const page = state.pagesFetched + 1
      const { value, creditsSpent: cost } = await index.fetchPage(page, call)
      creditsSpent += cost
      state = nextState(state, value, page, pageSize, now())
      await catalogue.putMirrorPage(source, value.offers, state, now())
      onPage?.(reportOf(state, pageSize, creditsPerPage), creditsSpent)
    }
    return { report: reportOf(state, pageSize, creditsPerPage), creditsSpent }
  }

  return {
    report: async () => reportOf(await stateNow(), pageSize, creditsPerPage),
    advance: options => {
      const before = turn
      const mine = settledOrAborted(before, options.signal).then(() => advance(options))
      // Whoever gives up before their turn must not let the next one in early.
      turn = Promise.allSettled([before, mine])
      return mine
    },
  }
}

/** An empty page ends an index whose size was announced wrongly or not at all. */
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
